package dev.mainloop.process;

import dev.mainloop.MainLoop;
import dev.mainloop.fd.FileDescriptor;
import dev.mainloop.line.FrameHandler;
import dev.mainloop.line.FrameReader;
import org.jspecify.annotations.Nullable;

/**
 * An output of a child whose frames are handled. It closes its file descriptor at the
 * end.
 *
 * @param <F> the type of the frames
 */
final class ChildOutput<F> implements FrameHandler<F> {

	private final FrameHandler<F> handler;

	private final FileDescriptor fd;

	private final Runnable ended;

	private final FrameReader<F> reader;

	private boolean over;

	private ChildOutput(MainLoop loop, String description, FileDescriptor fd, Command.Frames<F> frames,
			Runnable ended) {
		this.handler = frames.handler();
		this.fd = fd;
		this.ended = ended;
		this.reader = FrameReader.open(loop, description, fd, frames.framing().get(), this);
	}

	static <F> ChildOutput<F> open(MainLoop loop, String description, FileDescriptor fd, Command.Frames<F> frames,
			Runnable ended) {
		return new ChildOutput<>(loop, description, fd, frames, ended);
	}

	/** Has it end once what is there now is handled, on the loop's thread. */
	void finish() {
		this.reader.finish();
	}

	@Override
	public void frame(F frame, FrameReader<F> reader) throws Exception {
		try {
			this.handler.frame(frame, reader);
		}
		finally {
			if (!reader.isOpen()) {
				end();
			}
		}
	}

	@Override
	public void ended(@Nullable F rest, @Nullable RuntimeException error, FrameReader<F> reader) throws Exception {
		try {
			this.handler.ended(rest, error, reader);
		}
		finally {
			end();
		}
	}

	/** Gives it up. */
	void close() {
		this.fd.close();
	}

	private void end() {
		if (!this.over) {
			this.over = true;
			this.fd.close();
			this.ended.run();
		}
	}

}

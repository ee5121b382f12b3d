package dev.mainloop.benchmarks.peer;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.AsynchronousFileChannel;
import java.nio.channels.CompletionHandler;
import java.nio.file.Path;
import java.util.concurrent.atomic.LongAdder;

import com.sun.nio.file.ExtendedOpenOption;

/**
 * An {@link AsynchronousFileChannel}, whose threads call the handlers. A sync blocks one
 * of them, as the channel has no other.
 */
final class AsynchronousChannelLoad implements FileLoad {

	private final LongAdder ended = new LongAdder();

	private final AsynchronousFileChannel channel;

	private final FileWork work;

	private final FilePositions positions;

	private volatile boolean closing;

	AsynchronousChannelLoad(FileWork work, Path path, int inFlight) {
		this.work = work;
		this.positions = FilePositions.of(work, path);
		try {
			this.channel = AsynchronousFileChannel.open(path, work.options(ExtendedOpenOption.DIRECT));
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
		for (int i = 0; i < inFlight; i++) {
			new Lane().begin();
		}
	}

	@Override
	public long ended() {
		return this.ended.sum();
	}

	@Override
	public void close() {
		this.closing = true;
		try {
			this.channel.close();
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	/** One operation after another. */
	private final class Lane implements CompletionHandler<Integer, Void> {

		private final ByteBuffer buffer = AsynchronousChannelLoad.this.work.buffer();

		void begin() {
			long position = AsynchronousChannelLoad.this.positions.next();
			this.buffer.position(0);
			if (AsynchronousChannelLoad.this.work == FileWork.APPEND) {
				AsynchronousChannelLoad.this.channel.write(this.buffer, position, null, this);
			}
			else {
				AsynchronousChannelLoad.this.channel.read(this.buffer, position, null, this);
			}
		}

		@Override
		public void completed(Integer count, Void nothing) {
			try {
				if (AsynchronousChannelLoad.this.work == FileWork.APPEND) {
					AsynchronousChannelLoad.this.channel.force(false);
				}
			}
			catch (IOException ex) {
				failed(ex, nothing);
				return;
			}
			AsynchronousChannelLoad.this.ended.increment();
			begin();
		}

		@Override
		public void failed(Throwable failure, Void nothing) {
			if (!AsynchronousChannelLoad.this.closing) {
				throw new IllegalStateException(failure);
			}
		}

	}

}

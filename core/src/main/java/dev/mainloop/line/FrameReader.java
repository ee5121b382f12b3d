package dev.mainloop.line;

import java.nio.ByteBuffer;
import java.util.Objects;

import dev.mainloop.DescriptorSource;
import dev.mainloop.EventSource;
import dev.mainloop.MainLoop;
import dev.mainloop.QueueSource;
import dev.mainloop.fd.FileDescriptor;
import dev.mainloop.libc.ErrnoException;
import dev.mainloop.multiplexer.Readiness;
import org.jspecify.annotations.Nullable;

/**
 * Reads frames from a stream, such as a FIFO, a pipe, a terminal, a serial line or a
 * stream socket, as they come, and gives them to a handler on the thread of a
 * {@link MainLoop}.
 *
 * <h2>Events</h2> Each frame is an event, of a queue that bears the reader's description:
 * it is counted and measured, and what its handler throws is an error, as those of a
 * message are. A frame that is too long is an error in its place, if the framing is to
 * {@link TooLong#FAIL}. A second event source waits for bytes.
 *
 * <h2>Back-pressure</h2> One read of at most 8 KiB follows each time that bytes are
 * there, so that a flood does not keep other event sources waiting. No more than 64
 * frames are read ahead of the handler. While they wait, as the handler is slow or the
 * reader is paused, nothing is read, and a sender that goes on is held up by the kernel.
 *
 * <p>
 * The file descriptor stays the caller's, and may be written, by a {@link FrameWriter} or
 * otherwise. Closing it closes the reader. All methods may be called by any thread.
 *
 * @param <F> the type of the frames
 */
public final class FrameReader<F> implements AutoCloseable {

	private static final int BUFFER_SIZE = 8 * 1024;

	private static final int AHEAD = 64;

	private static final int ENDLESS = -1;

	private final FileDescriptor fd;

	private final Framing<F> framing;

	private final FrameHandler<F> handler;

	/** What was read and is not in frames yet; owned by the loop's thread. */
	private final ByteBuffer bytes = ByteBuffer.allocate(BUFFER_SIZE).limit(0);

	/** Frames, and in their place what was thrown instead of one, and the end. */
	private final QueueSource<Object> frames;

	private final MainLoop loop;

	/** Waits for bytes; replaced with the lock of this object held. */
	private volatile DescriptorSource source;

	/** Whether no more will come; written by the loop's thread. */
	private volatile boolean ended;

	/**
	 * How much is read until it ends, or less than zero as long as it goes on; owned by
	 * the loop's thread.
	 */
	private int left = ENDLESS;

	private final Runnable closeWithDescriptor = this::close;

	private FrameReader(MainLoop loop, String description, FileDescriptor fd, Framing<F> framing,
			FrameHandler<F> handler) {
		this.loop = loop;
		this.fd = fd;
		this.framing = Objects.requireNonNull(framing, "'framing' must not be null");
		this.handler = Objects.requireNonNull(handler, "'handler' must not be null");
		// The loop calls nothing here before it waits for something.
		this.source = loop.watch("bytes of " + description, fd, 0, this::ready);
		boolean done = false;
		try {
			this.frames = loop.queue(description, AHEAD, this::handle);
			done = true;
		}
		finally {
			if (!done) {
				this.source.close();
			}
		}
	}

	/**
	 * Opens a reader.
	 * @param <F> the type of the frames
	 * @param loop the loop that is to read
	 * @param description what log lines call it
	 * @param fd a file descriptor of a stream, which stays the caller's to close
	 * @param framing makes the frames, for this reader alone
	 * @param handler is given them
	 * @return the reader, to be closed by the caller, with the file descriptor, or by the
	 * end of the file
	 * @throws IllegalArgumentException if it cannot be watched, as it is a regular file
	 * or its number is watched already by another {@link FileDescriptor}
	 * @throws ErrnoException if the kernel refuses otherwise
	 */
	public static <F> FrameReader<F> open(MainLoop loop, String description, FileDescriptor fd, Framing<F> framing,
			FrameHandler<F> handler) {
		FrameReader<F> reader = new FrameReader<>(loop, description, fd, framing, handler);
		boolean done = false;
		try {
			fd.onClose(reader.closeWithDescriptor);
			reader.source.interest(Readiness.READABLE);
			done = true;
		}
		finally {
			if (!done) {
				reader.close();
			}
		}
		return reader;
	}

	private void ready(FileDescriptor fd, Readiness readiness) {
		decode();
		if (isAhead()) {
			this.source.interest(0);
			return;
		}
		int count;
		try {
			count = fd.read(this.bytes.clear());
		}
		catch (ErrnoException ex) {
			end(ex);
			return;
		}
		catch (IllegalStateException ex) {
			if (fd.isOpen()) {
				throw ex;
			}
			return; // another thread has closed it
		}
		finally {
			this.bytes.flip();
		}
		if (this.left > 0) {
			this.left = (count > 0) ? Math.max(0, this.left - count) : 0;
		}
		if (count == -1) {
			end(null);
		}
		decode();
		endIfFinished();
	}

	/** Ends it once all is read that was there when it was told to finish. */
	private void endIfFinished() {
		if (this.left == 0 && !this.ended && !isAhead()) {
			end(null);
		}
	}

	/** Whether the handler is to come first, before more is read. */
	private boolean isAhead() {
		return this.bytes.hasRemaining() || !hasRoom();
	}

	/** Nobody else adds frames. */
	private boolean hasRoom() {
		return this.frames.size() < this.frames.capacity();
	}

	private void decode() {
		while (this.bytes.hasRemaining() && hasRoom()) {
			Object frame;
			try {
				frame = this.framing.next(this.bytes);
			}
			catch (Throwable ex) {
				frame = ex; // no frame behind it is to be lost
			}
			if (frame != null) {
				add(frame);
			}
		}
	}

	private void end(@Nullable RuntimeException error) {
		F rest = null;
		RuntimeException cause = error;
		if (error == null) {
			try {
				rest = this.framing.end();
			}
			catch (RuntimeException ex) {
				cause = ex;
			}
		}
		End end = new End(rest, cause);
		this.ended = true;
		this.source.close();
		add(end);
	}

	private void add(Object event) {
		if (!this.frames.offer(event)) {
			close(); // it is closed already, or its loop is
		}
	}

	private void handle(Object event) throws Exception {
		try {
			deliver(event);
		}
		finally {
			goOn();
		}
	}

	@SuppressWarnings("unchecked")
	private void deliver(Object event) throws Exception {
		if (event instanceof End end) {
			try {
				this.handler.ended((F) end.rest, end.error, this);
			}
			finally {
				close();
			}
		}
		else if (event instanceof RuntimeException ex) {
			throw ex;
		}
		else if (event instanceof Error ex) {
			throw ex;
		}
		else {
			this.handler.frame((F) event, this);
		}
	}

	/** Goes on where the handler was too slow, once half of the frames are handled. */
	private void goOn() {
		if (this.frames.size() > AHEAD / 2) {
			return;
		}
		decode();
		endIfFinished();
		if (this.source.interest() == 0 && !isAhead()) {
			this.source.interest(Readiness.READABLE);
		}
	}

	/**
	 * Has it end as at the end of the file, once it has read what is there now: nothing
	 * more is expected, though someone could still write. To be called by a handler of
	 * the loop.
	 * @throws IllegalStateException if it is called by another thread than the loop's
	 * @throws ErrnoException if the kernel does not tell how much is there
	 */
	public void finish() {
		this.loop.requireLoopThread();
		if (isOpen() && !this.ended) {
			this.left = this.fd.unreadBytes();
			endIfFinished();
		}
	}

	/**
	 * Stops its handler from being called until {@link #resume()}. The frames that were
	 * read wait.
	 */
	public void pause() {
		this.frames.pause();
	}

	/**
	 * Lets its handler be called again, first for the frames that wait. Does nothing
	 * unless it is paused, or disabled as the handler has failed too often.
	 */
	public void resume() {
		this.frames.resume();
	}

	/**
	 * Tells whether it may still give frames.
	 * @return {@code false} once it is closed, its file descriptor or its loop is, or the
	 * end of the file was told
	 */
	public boolean isOpen() {
		return !this.frames.isClosed();
	}

	/**
	 * Returns the event source that its frames are the events of.
	 * @return the event source
	 */
	public EventSource events() {
		return this.frames;
	}

	/**
	 * Returns the event source that waits for bytes. Closing that alone stops the reading
	 * until {@link #reopen()}; frames that were read are given all the same.
	 * @return the event source
	 */
	public DescriptorSource bytes() {
		return this.source;
	}

	/**
	 * Goes on reading after {@link #bytes()} was closed, in the frame in which it has
	 * stopped. Does nothing otherwise, or at the end of the file.
	 * @throws IllegalStateException if it is closed
	 * @throws ErrnoException if the kernel refuses
	 */
	public synchronized void reopen() {
		if (!isOpen()) {
			throw new IllegalStateException("The reader '%s' is closed".formatted(this));
		}
		if (!this.ended && this.source.state() == EventSource.State.CLOSED) {
			DescriptorSource again = this.loop.watch(this.source.description(), this.fd, 0, this::ready);
			this.source = again;
			boolean done = false;
			try {
				again.interest(Readiness.READABLE);
				done = true;
			}
			finally {
				if (!done) {
					again.close();
				}
			}
		}
	}

	/**
	 * Ends it: its handler is not called again. Frames that were read and not handled are
	 * counted in the log. Closing it again does nothing.
	 */
	@Override
	public void close() {
		this.fd.removeOnClose(this.closeWithDescriptor);
		this.frames.close();
		synchronized (this) {
			this.source.close();
		}
	}

	@Override
	public String toString() {
		return this.frames.toString();
	}

	/**
	 * The last event.
	 *
	 * @param rest what came after the last frame
	 * @param error why there will be no more, unless it is the end of the file
	 */
	private record End(@Nullable Object rest, @Nullable RuntimeException error) {

	}

}

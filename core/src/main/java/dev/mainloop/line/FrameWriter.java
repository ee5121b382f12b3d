package dev.mainloop.line;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Objects;

import dev.mainloop.DescriptorSource;
import dev.mainloop.EventSource;
import dev.mainloop.MainLoop;
import dev.mainloop.MessageRefusedException;
import dev.mainloop.fd.FileDescriptor;
import dev.mainloop.libc.ErrnoException;
import dev.mainloop.libc.StackReserve;
import dev.mainloop.log.LogKeys;
import dev.mainloop.multiplexer.Readiness;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Writes to a stream, such as a FIFO, a pipe, a terminal, a serial line or a stream
 * socket, without waiting for it. What the kernel does not take at once is kept in a
 * buffer, which a {@link MainLoop} empties as there is room. It waits for that only while
 * something is left.
 * <p>
 * Each call takes all of its bytes or none, so that no frame is cut, and bytes go out in
 * the order of the calls. All methods may be called by any thread, and none waits. The
 * file descriptor stays the caller's, and may be read, by a {@link FrameReader} or
 * otherwise. Closing it closes the writer.
 * <p>
 * That the reader has left is noticed by the next write, which is an error with
 * {@code EPIPE}, of a terminal {@code EIO}. A write of a call throws it to the caller, of
 * whose bytes nothing is kept then. A write of the loop tells the
 * {@linkplain WriteListener#ended listener}, and ends the writer. Bytes that are left
 * when the writer ends, whatever ends it, are counted in the log.
 */
public final class FrameWriter implements AutoCloseable {

	private static final Logger logger = LoggerFactory.getLogger(FrameWriter.class);

	private final MainLoop loop;

	private final FileDescriptor fd;

	private final WriteListener listener;

	private final DescriptorSource source;

	private final Runnable closeWithDescriptor = this::close;

	/**
	 * A ring, of which {@link #size} bytes from {@link #head} wait. All that changes is
	 * guarded by this object's lock.
	 */
	private final ByteBuffer ring;

	private int head;

	private int size;

	/** Whether someone was refused, who is to be told of room. */
	private boolean roomWanted;

	/** Whether it ends when nothing waits any more. */
	private boolean finishing;

	private boolean closed;

	private FrameWriter(MainLoop loop, String description, FileDescriptor fd, int capacity, WriteListener listener) {
		if (capacity < 1) {
			throw new IllegalArgumentException("'capacity' must be 1 or more but is " + capacity);
		}
		this.loop = loop;
		this.fd = fd;
		this.listener = Objects.requireNonNull(listener, "'listener' must not be null");
		this.ring = ByteBuffer.allocate(capacity);
		synchronized (this) {
			// Its first call, which waits for the lock, finds nothing to write.
			this.source = loop.watch(description, fd, Readiness.WRITABLE, this::ready);
		}
	}

	/**
	 * Opens a writer.
	 * @param loop the loop that is to write what the kernel does not take at once
	 * @param description what log lines call it
	 * @param fd a file descriptor of a stream, which stays the caller's to close
	 * @param capacity how many bytes can wait
	 * @param listener is told of room and of the end
	 * @return the writer, to be closed by the caller or with the file descriptor
	 * @throws IllegalArgumentException if it cannot be watched, as it is a regular file
	 * or its number is watched already by another {@link FileDescriptor}
	 * @throws ErrnoException if the kernel refuses otherwise
	 */
	public static FrameWriter open(MainLoop loop, String description, FileDescriptor fd, int capacity,
			WriteListener listener) {
		FrameWriter writer = new FrameWriter(loop, description, fd, capacity, listener);
		boolean done = false;
		try {
			fd.onClose(writer.closeWithDescriptor);
			done = true;
		}
		finally {
			if (!done) {
				writer.close();
			}
		}
		return writer;
	}

	/**
	 * Writes bytes if the buffer has room for all that the kernel may not take.
	 * @param bytes the bytes, whose position is moved to the limit if they are taken
	 * @return {@code false} if there is too little room, of which the
	 * {@linkplain WriteListener#room listener} is told then, or the writer is closed or
	 * finishing
	 * @throws IllegalArgumentException if there are more than the buffer can ever take
	 * @throws ErrnoException if the write fails
	 */
	public synchronized boolean offer(ByteBuffer bytes) {
		int length = bytes.remaining();
		if (length > capacity()) {
			throw new IllegalArgumentException("The writer '%s' takes %d bytes at most, and not %d at once"
				.formatted(this.source, capacity(), length));
		}
		if (this.finishing || !isOpen()) {
			return false;
		}
		if (length > capacity() - this.size) {
			this.roomWanted = true;
			return false;
		}
		StackReserve.require();
		if (this.size == 0) {
			this.fd.write(bytes);
		}
		if (bytes.hasRemaining()) {
			keep(bytes);
			this.source.interest(Readiness.WRITABLE);
		}
		return true;
	}

	private void keep(ByteBuffer bytes) {
		int tail = (int) (((long) this.head + this.size) % capacity());
		int count = bytes.remaining();
		int first = Math.min(count, capacity() - tail);
		this.ring.put(tail, bytes, bytes.position(), first);
		this.ring.put(0, bytes, bytes.position() + first, count - first);
		bytes.position(bytes.limit());
		this.size += count;
	}

	/**
	 * Writes text in UTF-8, as {@link #offer(ByteBuffer)} does.
	 * @param text the text, with the end of its line
	 * @return {@code false} if there is too little room, or the writer is closed or
	 * finishing
	 * @throws IllegalArgumentException if it has more bytes than the buffer can ever take
	 * @throws ErrnoException if the write fails
	 */
	public boolean offer(String text) {
		return offer(ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8)));
	}

	/**
	 * Writes bytes.
	 * @param bytes the bytes, whose position is moved to the limit
	 * @throws MessageRefusedException if there is too little room, of which the
	 * {@linkplain WriteListener#room listener} is told then, or the writer is closed or
	 * finishing
	 * @throws IllegalArgumentException if there are more than the buffer can ever take
	 * @throws ErrnoException if the write fails
	 */
	public void send(ByteBuffer bytes) {
		if (!offer(bytes)) {
			throw new MessageRefusedException(
					"The writer '%s' does not take %d bytes: it is %s, and %d of %d bytes wait for %s"
						.formatted(this.source, bytes.remaining(), state(), size(), capacity(), this.fd));
		}
	}

	private synchronized String state() {
		if (!isOpen()) {
			return "closed";
		}
		return this.finishing ? "finishing" : "full";
	}

	/**
	 * Writes text in UTF-8, as {@link #send(ByteBuffer)} does.
	 * @param text the text, with the end of its line
	 * @throws MessageRefusedException if there is too little room, or the writer is
	 * closed or finishing
	 * @throws IllegalArgumentException if it has more bytes than the buffer can ever take
	 * @throws ErrnoException if the write fails
	 */
	public void send(String text) {
		send(ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8)));
	}

	private void ready(FileDescriptor fd, Readiness readiness) throws Exception {
		ErrnoException error = null;
		boolean ended;
		boolean room;
		synchronized (this) {
			if (this.closed) {
				return;
			}
			try {
				write();
			}
			catch (ErrnoException ex) {
				error = ex;
			}
			ended = error != null || this.finishing && this.size == 0;
			if (!ended && this.size == 0) {
				this.source.interest(0);
			}
			room = this.roomWanted && this.size <= capacity() / 2;
			this.roomWanted &= !room;
		}
		if (ended) {
			close();
			this.listener.ended(error, this);
		}
		else if (room) {
			this.listener.room(this);
		}
	}

	/** Writes what waits, up to the end of the ring. */
	private void write() {
		if (this.size > 0) {
			int end = (int) Math.min(capacity(), (long) this.head + this.size);
			int count = this.fd.write(this.ring.slice(this.head, end - this.head));
			this.size -= count;
			this.head = (this.size > 0) ? (this.head + count) % capacity() : 0;
		}
	}

	/**
	 * Has it take nothing more, and end once all that waits was written, which the
	 * {@linkplain WriteListener#ended listener} is told.
	 */
	public synchronized void finish() {
		this.finishing = true;
		this.source.interest(Readiness.WRITABLE);
	}

	/**
	 * Ends it. Bytes that wait are not written, and are counted in the log. Closing it
	 * again does nothing.
	 */
	@Override
	public void close() {
		int left;
		synchronized (this) {
			left = this.closed ? 0 : this.size;
			this.closed = true;
		}
		this.fd.removeOnClose(this.closeWithDescriptor);
		this.source.close();
		if (left > 0) {
			logger.atWarn()
				.addKeyValue(LogKeys.LOOP, this.loop.name())
				.addKeyValue(LogKeys.SOURCE, this.source.toString())
				.log("The writer '%s' was closed with %d bytes that were not written to %s".formatted(this.source, left,
						this.fd));
		}
	}

	/**
	 * Tells whether it is open.
	 * @return {@code false} once it has ended, or its loop is closed
	 */
	public boolean isOpen() {
		return this.source.state() != EventSource.State.CLOSED;
	}

	/**
	 * Returns how many bytes wait to be written.
	 * @return the number; after the end, of those that were not written
	 */
	public synchronized int size() {
		return this.size;
	}

	/**
	 * Returns how many bytes can wait.
	 * @return the bound of the buffer
	 */
	public int capacity() {
		return this.ring.capacity();
	}

	@Override
	public String toString() {
		return this.source.toString();
	}

}

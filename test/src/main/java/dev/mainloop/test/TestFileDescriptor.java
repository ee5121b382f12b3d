package dev.mainloop.test;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.Queue;

import dev.mainloop.fd.FileDescriptor;
import dev.mainloop.libc.Errno;
import dev.mainloop.libc.ErrnoException;
import dev.mainloop.multiplexer.Readiness;

/**
 * A {@link FileDescriptor} in memory, of which the test is the other end, as of a socket.
 * It takes all that is written until it is given less {@linkplain #room room}.
 * <p>
 * What the test does to it while a {@link TestMainLoop} watches it is handled when the
 * call returns, with the errors of handlers thrown as {@link TestMainLoop} does, unless a
 * handler calls.
 */
public final class TestFileDescriptor extends FileDescriptor implements Pollable {

	private ByteBuffer unread = ByteBuffer.allocate(0);

	private final Queue<ByteBuffer> messages = new ArrayDeque<>();

	private final ByteArrayOutputStream written = new ByteArrayOutputStream();

	private int room = Integer.MAX_VALUE;

	private int end;

	private boolean exceptional;

	private boolean atPath = true;

	private long changes;

	private volatile Runnable loop = () -> {
	};

	/**
	 * Creates a file descriptor that nothing has happened to.
	 * @param description what log lines call it
	 */
	public TestFileDescriptor(String description) {
		super(description);
	}

	/**
	 * Makes text there to read, after what is there already.
	 * @param text the text, which is read in UTF-8
	 */
	public void receive(String text) {
		receive(text.getBytes(StandardCharsets.UTF_8));
	}

	/**
	 * Makes bytes there to read, after what is there already.
	 * @param bytes the bytes
	 */
	public void receive(byte... bytes) {
		synchronized (this) {
			requireNotEnded();
			ByteBuffer all = ByteBuffer.allocate(this.unread.remaining() + bytes.length);
			this.unread = all.put(this.unread).put(bytes).flip();
			this.changes++;
		}
		this.loop.run();
	}

	/**
	 * Makes a message there to read, after those that are there already, as a socket has
	 * it that keeps messages apart.
	 * @param bytes the bytes of the message, which may be none
	 */
	public void receiveMessage(byte... bytes) {
		synchronized (this) {
			requireNotEnded();
			this.messages.add(ByteBuffer.wrap(bytes.clone()));
			this.changes++;
		}
		this.loop.run();
	}

	private void requireNotEnded() {
		requireOpen();
		if (this.end != 0) {
			throw new IllegalStateException(this + " receives nothing after its end");
		}
	}

	/**
	 * Ends what can be read, after what is there already, as a peer does that writes no
	 * more and still reads.
	 */
	public void endOfFile() {
		end(Readiness.PEER_CLOSED);
	}

	/**
	 * Ends what can be read, after what is there already, and lets writes fail, as a peer
	 * does that is gone.
	 */
	public void hangUp() {
		end(Readiness.PEER_CLOSED | Readiness.HANG_UP);
	}

	private void end(int how) {
		synchronized (this) {
			requireOpen();
			this.end |= how;
			this.changes++;
		}
		this.loop.run();
	}

	/**
	 * Brings an exceptional condition, of which the loop is told once, as of those of a
	 * pressure trigger.
	 */
	public void exceptional() {
		synchronized (this) {
			requireOpen();
			this.exceptional = true;
			this.changes++;
		}
		this.loop.run();
	}

	/**
	 * Sets how much can be written from now on.
	 * @param bytes the number of bytes; with 0 it is not writable
	 */
	public void room(int bytes) {
		synchronized (this) {
			requireOpen();
			this.room = bytes;
			this.changes++;
		}
		this.loop.run();
	}

	/**
	 * Lets {@link #isAtPath()} tell that its file was removed or replaced.
	 */
	public synchronized void leavePath() {
		requireOpen();
		this.atPath = false;
	}

	/**
	 * Takes the text that was written since it was taken last.
	 * @return the text, read as UTF-8
	 */
	public String takeWritten() {
		return new String(takeWrittenBytes(), StandardCharsets.UTF_8);
	}

	/**
	 * Takes the bytes that were written since they were taken last.
	 * @return the bytes
	 */
	public synchronized byte[] takeWrittenBytes() {
		byte[] bytes = this.written.toByteArray();
		this.written.reset();
		return bytes;
	}

	@Override
	public synchronized int read(ByteBuffer buffer) {
		if (buffer.isReadOnly()) {
			throw new IllegalArgumentException("'buffer' must not be read-only");
		}
		if (!buffer.hasRemaining()) {
			return 0;
		}
		requireOpen();
		if (this.unread.hasRemaining() || !this.messages.isEmpty()) {
			transferred();
			return move(this.messages.isEmpty() ? this.unread : this.messages.remove(), buffer);
		}
		return (this.end != 0) ? -1 : 0;
	}

	@Override
	public synchronized int readMessage(ByteBuffer buffer) {
		if (buffer.isReadOnly()) {
			throw new IllegalArgumentException("'buffer' must not be read-only");
		}
		requireOpen();
		if (this.messages.isEmpty()) {
			return (this.end != 0) ? -1 : NO_MESSAGE;
		}
		transferred();
		ByteBuffer message = this.messages.remove();
		move(message, buffer);
		return message.capacity();
	}

	/** Moves what there is room for. */
	private static int move(ByteBuffer from, ByteBuffer to) {
		int count = Math.min(from.remaining(), to.remaining());
		to.put(from.slice(from.position(), count));
		from.position(from.position() + count);
		return count;
	}

	@Override
	public synchronized int write(ByteBuffer buffer) {
		requireOpen();
		if (isHungUp()) {
			throw new ErrnoException(-Errno.EPIPE.number(), "write", this);
		}
		byte[] bytes = new byte[Math.min(buffer.remaining(), this.room)];
		buffer.get(bytes);
		this.written.writeBytes(bytes);
		this.room -= (this.room != Integer.MAX_VALUE) ? bytes.length : 0;
		if (bytes.length > 0) {
			transferred();
		}
		return bytes.length;
	}

	@Override
	public synchronized int unreadBytes() {
		requireOpen();
		return this.messages.isEmpty() ? this.unread.remaining() : this.messages.element().remaining();
	}

	/**
	 * Tells whether it is as a file that was not removed.
	 * @return {@code false} after {@link #leavePath()}
	 */
	@Override
	public synchronized boolean isAtPath() {
		requireOpen();
		return this.atPath;
	}

	private boolean isHungUp() {
		return (this.end & Readiness.HANG_UP) != 0;
	}

	@Override
	public synchronized int readiness() {
		int readiness = this.end;
		if (this.unread.hasRemaining() || !this.messages.isEmpty() || this.end != 0) {
			readiness |= Readiness.READABLE;
		}
		if (this.room > 0 || isHungUp()) {
			readiness |= Readiness.WRITABLE;
		}
		if (this.exceptional) {
			readiness |= Readiness.PRIORITY;
		}
		return readiness;
	}

	@Override
	public synchronized void reported(int readiness) {
		this.exceptional &= (readiness & Readiness.PRIORITY) == 0;
	}

	@Override
	public synchronized long changes() {
		return this.changes;
	}

	@Override
	public void watchedBy(Runnable loop) {
		this.loop = loop;
	}

}

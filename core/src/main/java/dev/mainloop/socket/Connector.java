package dev.mainloop.socket;

import java.net.SocketAddress;
import java.time.Duration;
import java.util.Objects;

import dev.mainloop.DescriptorSource;
import dev.mainloop.MainLoop;
import dev.mainloop.Timer;
import dev.mainloop.fd.FileDescriptor;
import dev.mainloop.libc.Errno;
import dev.mainloop.libc.ErrnoException;
import dev.mainloop.libc.SocketCalls;
import dev.mainloop.multiplexer.Readiness;

/**
 * Connects to a listening socket without waiting for it, on the thread of a
 * {@link MainLoop}, see {@code EINPROGRESS} in {@code connect(2)}. A Unix socket whose
 * backlog is full is tried again and again. All methods may be called by any thread.
 */
public final class Connector implements AutoCloseable {

	/** How long until a full backlog is tried again. */
	private static final Duration PAUSE = Duration.ofMillis(10);

	private final MainLoop loop;

	private final SocketAddress address;

	private final byte[] bytes;

	private final ConnectHandler handler;

	private final StreamSocket socket;

	private final DescriptorSource source;

	private final Timer deadline;

	/** Begins an attempt; guarded by this object's lock, as is {@link #over}. */
	private Timer attempt;

	private boolean over;

	private Connector(MainLoop loop, String description, SocketAddress address, Duration timeout,
			ConnectHandler handler) {
		this.loop = loop;
		this.handler = Objects.requireNonNull(handler, "'handler' must not be null");
		this.address = Addresses.required(address);
		this.bytes = Addresses.bytes(this.address);
		this.socket = StreamSocket.open(this.address);
		boolean done = false;
		// What the loop calls waits for the lock.
		synchronized (this) {
			try {
				this.source = loop.watch(description, this.socket, 0, this::ready);
				this.deadline = loop.after(description + " in time", timeout,
						(timer) -> fail(-Errno.ETIMEDOUT.number()));
				this.attempt = attempt(Duration.ZERO);
				done = true;
			}
			finally {
				if (!done) {
					this.socket.close();
				}
			}
		}
	}

	/**
	 * Begins to connect.
	 * @param loop the loop whose thread calls the handler
	 * @param description what log lines call it
	 * @param address where to: an {@link java.net.InetSocketAddress} or a
	 * {@link UnixAddress}
	 * @param timeout how long it may take
	 * @param handler is told of the connection, or of the failure
	 * @return the connector, to give up by {@link #close()}
	 * @throws IllegalArgumentException if it is another address, or not resolved
	 * @throws ErrnoException if the kernel refuses a socket
	 */
	public static Connector open(MainLoop loop, String description, SocketAddress address, Duration timeout,
			ConnectHandler handler) {
		return new Connector(loop, description, address, timeout, handler);
	}

	private Timer attempt(Duration delay) {
		return this.loop.after(this.source.description(), delay, (timer) -> connect());
	}

	private void connect() throws Exception {
		int result;
		synchronized (this) {
			if (this.over) {
				return;
			}
			int fd = this.socket.acquire();
			try {
				result = SocketCalls.connect(fd, this.bytes);
			}
			finally {
				this.socket.release();
			}
			if (Errno.EAGAIN.is(result)) {
				this.attempt = attempt(PAUSE);
				return;
			}
			if (result == 0 || Errno.EINPROGRESS.is(result) || Errno.EINTR.is(result)) {
				this.source.interest(Readiness.WRITABLE);
				return;
			}
		}
		fail(result);
	}

	private void ready(FileDescriptor fd, Readiness readiness) throws Exception {
		int error;
		int number = fd.acquire();
		try {
			error = SocketCalls.option(number, SocketCalls.SOL_SOCKET, SocketCalls.SO_ERROR);
		}
		finally {
			fd.release();
		}
		if (error != 0) {
			fail(-Math.abs(error));
		}
		else if (end()) {
			boolean done = false;
			try {
				this.handler.connected(this.socket);
				done = true;
			}
			finally {
				if (!done) {
					this.socket.close();
				}
			}
		}
	}

	private void fail(int result) throws Exception {
		if (end()) {
			this.socket.close();
			this.handler.failed(new ErrnoException(result, "connect", this.address));
		}
	}

	/** Ends it, and returns {@code false} if it had ended before. */
	private synchronized boolean end() {
		boolean before = this.over;
		this.over = true;
		this.source.close();
		this.deadline.close();
		this.attempt.close();
		return !before;
	}

	/** Gives up, if it has not ended: its handler is told nothing. */
	@Override
	public void close() {
		if (end()) {
			this.socket.close();
		}
	}

	@Override
	public String toString() {
		return this.source.toString();
	}

}

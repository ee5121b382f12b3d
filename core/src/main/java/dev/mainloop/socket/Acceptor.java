package dev.mainloop.socket;

import java.time.Duration;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;

import dev.mainloop.DescriptorSource;
import dev.mainloop.MainLoop;
import dev.mainloop.fd.FileDescriptor;
import dev.mainloop.libc.ErrnoException;
import dev.mainloop.libc.SocketCalls;
import dev.mainloop.multiplexer.Readiness;
import org.jspecify.annotations.Nullable;

/**
 * Accepts connections and gives them to a handler on the thread of a {@link MainLoop}.
 * <p>
 * In one iteration of the loop it accepts 16 at most, so that a flood does not keep other
 * event sources waiting. While as many of its connections are open as may be, others wait
 * in the kernel, whose bound is the backlog of the socket. Where the process or the
 * machine has too many open files, or too little memory, the error handler of the loop is
 * told, and the next attempt follows after a second.
 * <p>
 * The listening socket stays the caller's; closing it closes the acceptor, and leaves the
 * connections open. All methods may be called by any thread.
 */
public final class Acceptor implements AutoCloseable {

	private static final int BATCH = 16;

	private static final Duration REST = Duration.ofSeconds(1);

	private final MainLoop loop;

	private final int maxConnections;

	private final AcceptHandler handler;

	private final String connection;

	private final DescriptorSource source;

	/** Those that are open; guarded by this object's lock, as is {@link #resting}. */
	private final Set<StreamSocket> open = new LinkedHashSet<>();

	private boolean resting;

	private Acceptor(MainLoop loop, String description, FileDescriptor listening, int maxConnections,
			AcceptHandler handler) {
		if (maxConnections < 1) {
			throw new IllegalArgumentException("'maxConnections' must be 1 or more but is " + maxConnections);
		}
		requireListening(listening);
		this.loop = loop;
		this.maxConnections = maxConnections;
		this.handler = Objects.requireNonNull(handler, "'handler' must not be null");
		this.connection = "connection of " + description;
		// The loop calls nothing here before it waits for something.
		this.source = loop.watch(description, listening, 0, this::ready);
	}

	/**
	 * Opens an acceptor.
	 * @param loop the loop that is to accept
	 * @param description what log lines call it
	 * @param listening a socket that listens, such as a {@link ListeningSocket} or one
	 * that the service manager has passed; it stays the caller's to close
	 * @param maxConnections how many of its connections may be open at a time, 1 or more
	 * @param handler is given each connection
	 * @return the acceptor, to be closed by the caller or with the listening socket
	 * @throws IllegalArgumentException if it is not a socket that listens
	 * @throws ErrnoException if the kernel refuses
	 */
	public static Acceptor open(MainLoop loop, String description, FileDescriptor listening, int maxConnections,
			AcceptHandler handler) {
		Acceptor acceptor = new Acceptor(loop, description, listening, maxConnections, handler);
		acceptor.update();
		return acceptor;
	}

	private static void requireListening(FileDescriptor listening) {
		if (listening instanceof ListeningSocket) {
			return;
		}
		int fd = listening.acquire();
		try {
			if (SocketCalls.option(fd, SocketCalls.SOL_SOCKET, SocketCalls.SO_ACCEPTCONN) != 1) {
				throw new IllegalArgumentException(listening + " is not a socket that listens");
			}
		}
		finally {
			listening.release();
		}
	}

	private void ready(FileDescriptor listening, Readiness readiness) throws Exception {
		for (int i = 0; i < BATCH && hasRoom(); i++) {
			StreamSocket socket = accept(listening);
			if (socket == null) {
				return;
			}
			handle(socket);
		}
	}

	private synchronized boolean hasRoom() {
		return this.source.state() != DescriptorSource.State.CLOSED && this.open.size() < this.maxConnections;
	}

	private @Nullable StreamSocket accept(FileDescriptor listening) {
		try {
			return (listening instanceof ListeningSocket socket) ? socket.accept(this.connection)
					: StreamSocket.accept(listening, this.connection);
		}
		catch (ErrnoException ex) {
			rest();
			throw ex;
		}
		catch (IllegalStateException ex) {
			if (listening.isOpen()) {
				throw ex;
			}
			return null; // another thread has closed it
		}
	}

	/** Waits a little, as the connection that could not be accepted is still there. */
	private void rest() {
		setResting(true);
		this.loop.after("rest of " + this.source.description(), REST, (timer) -> setResting(false));
	}

	private synchronized void setResting(boolean resting) {
		this.resting = resting;
		update();
	}

	private void handle(StreamSocket socket) throws Exception {
		boolean done = false;
		try {
			add(socket);
			this.handler.accepted(socket);
			done = true;
		}
		finally {
			if (!done) {
				socket.close();
			}
		}
	}

	private void add(StreamSocket socket) {
		synchronized (this) {
			this.open.add(socket);
			update();
		}
		socket.onClose(() -> remove(socket));
	}

	private synchronized void remove(StreamSocket socket) {
		this.open.remove(socket);
		update();
	}

	/** Waits for connections while there is room for one. */
	private synchronized void update() {
		if (this.source.state() != DescriptorSource.State.CLOSED) {
			this.source.interest((hasRoom() && !this.resting) ? Readiness.READABLE : 0);
		}
	}

	/**
	 * Returns its event source, to be paused or closed.
	 * @return the event source
	 */
	public DescriptorSource source() {
		return this.source;
	}

	/**
	 * Lists its connections that are open.
	 * @return their sockets
	 */
	public synchronized List<StreamSocket> connections() {
		return List.copyOf(this.open);
	}

	/** Closes its connections that are open. It goes on if it is open itself. */
	public void closeConnections() {
		connections().forEach(StreamSocket::close);
	}

	/** Ends it. Its connections stay open. Closing it again does nothing. */
	@Override
	public void close() {
		this.source.close();
	}

	@Override
	public String toString() {
		return this.source.toString();
	}

}

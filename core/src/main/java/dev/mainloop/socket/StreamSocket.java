package dev.mainloop.socket;

import java.net.SocketAddress;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.function.IntSupplier;

import dev.mainloop.fd.FileDescriptor;
import dev.mainloop.libc.BufferCalls;
import dev.mainloop.libc.Errno;
import dev.mainloop.libc.ErrnoException;
import dev.mainloop.libc.LibC;
import dev.mainloop.libc.SocketCalls;
import dev.mainloop.libc.SocketMessage;
import org.jspecify.annotations.Nullable;

/**
 * One side of a connection, of TCP or of a Unix socket, see {@code tcp(7)} and
 * {@code unix(7)}. Small writes to TCP go out at once ({@code TCP_NODELAY}). All methods
 * may be called by any thread.
 *
 * @see Connector
 * @see Acceptor
 */
public class StreamSocket extends FileDescriptor {

	private static final byte[] CONNECTED = {};

	private final String name;

	private StreamSocket(String description, IntSupplier opening) {
		super(description, opening);
		this.name = description;
	}

	/**
	 * Creates a socket that the kernel does not know, see
	 * {@link FileDescriptor#FileDescriptor(String)}.
	 * @param description what log lines call it
	 */
	protected StreamSocket(String description) {
		super(description);
		this.name = description;
	}

	/**
	 * Begins to connect.
	 * @param address where to, as {@link Addresses#required} returns it
	 * @return the socket, to be closed by the caller
	 * @throws ErrnoException if the kernel refuses a socket
	 */
	static StreamSocket open(SocketAddress address) {
		int family = Addresses.family(address);
		return new StreamSocket("connection to " + address, () -> Sockets.stream(family));
	}

	/**
	 * Accepts a connection.
	 * @param listening the socket that listens
	 * @param description what log lines call the connection
	 * @return its socket, to be closed by the caller, or {@code null} if none waits
	 * @throws ErrnoException if the kernel refuses: with {@code EMFILE} or {@code ENFILE}
	 * while too many files are open
	 */
	static @Nullable StreamSocket accept(FileDescriptor listening, String description) {
		int fd = listening.acquire();
		try {
			StreamSocket accepted = new StreamSocket(description, () -> accept(fd, listening));
			listening.transferred();
			return accepted;
		}
		catch (NoneWaits ex) {
			return null;
		}
		finally {
			listening.release();
		}
	}

	private static int accept(int fd, FileDescriptor listening) {
		int result;
		do {
			result = SocketCalls.accept(fd);
		}
		while (Errno.EINTR.is(result) || isLost(result));
		if (Errno.EAGAIN.is(result)) {
			throw NoneWaits.INSTANCE;
		}
		if (result < 0) {
			throw new ErrnoException(result, "accept4", listening);
		}
		return Sockets.prepared(result);
	}

	/** Whether a connection has ended before it was accepted, see {@code accept(2)}. */
	private static boolean isLost(int result) {
		return Errno.ECONNABORTED.is(result) || Errno.EPROTO.is(result) || Errno.ENETDOWN.is(result)
				|| Errno.ENOPROTOOPT.is(result) || Errno.EHOSTDOWN.is(result) || Errno.ENONET.is(result)
				|| Errno.EHOSTUNREACH.is(result) || Errno.ENETUNREACH.is(result);
	}

	/**
	 * Returns its own address.
	 * @return an {@link java.net.InetSocketAddress} or a {@link UnixAddress}
	 * @throws ErrnoException if the call fails
	 */
	public SocketAddress localAddress() {
		return Addresses.local(this);
	}

	/**
	 * Returns the address of the other side.
	 * @return an {@link java.net.InetSocketAddress} or a {@link UnixAddress}
	 * @throws ErrnoException if the call fails: with {@code ENOTCONN} once a connection
	 * of TCP is lost
	 */
	public SocketAddress remoteAddress() {
		return Addresses.remote(this);
	}

	/**
	 * Tells who made the other side of a Unix socket. That is no promise about who uses
	 * it now, as a process can hand it on.
	 * @return the ids of process, user and group
	 * @throws IllegalStateException if it is one of TCP, whose other side may be on
	 * another machine
	 * @throws ErrnoException if the call fails
	 */
	public PeerCredentials peerCredentials() {
		int[] ids = new int[3];
		int fd = acquire();
		try {
			if (!(localAddress() instanceof UnixAddress)) {
				throw new IllegalStateException(this + " is not a Unix socket, whose peer alone has credentials");
			}
			int result = SocketCalls.peerCredentials(fd, ids);
			if (result < 0) {
				throw new ErrnoException(result, "getsockopt", this, "SO_PEERCRED");
			}
			return new PeerCredentials(ids[0], ids[1], ids[2]);
		}
		finally {
			release();
		}
	}

	/**
	 * Ends what is written, which the other side reads as the end of the file. What it
	 * writes can be read still.
	 * @throws ErrnoException if the call fails: with {@code ENOTCONN} if the connection
	 * has ended
	 */
	public void shutdownOutput() {
		int fd = acquire();
		try {
			int result = SocketCalls.shutdown(fd, SocketCalls.SHUT_WR);
			if (result < 0) {
				throw new ErrnoException(result, "shutdown", this, "SHUT_WR");
			}
		}
		finally {
			release();
		}
	}

	/**
	 * Writes bytes to a Unix socket, and has the other side receive file descriptors with
	 * the first of them, see {@code SCM_RIGHTS} in {@code unix(7)}. It gets its own of
	 * the same open files, and these stay the caller's.
	 * @param buffer the bytes, one at least
	 * @param descriptors what to send, 253 at most
	 * @return the number of bytes taken; at 0 the file descriptors were not sent either
	 * @throws IllegalArgumentException if there is no byte, or too many file descriptors
	 * @throws ErrnoException if the call fails: with {@code EPIPE} where the peer has
	 * closed, with {@code EINVAL} or {@code EOPNOTSUPP} for a socket of TCP, with
	 * {@code ETOOMANYREFS} where too many file descriptors are under way
	 */
	public int write(ByteBuffer buffer, List<? extends FileDescriptor> descriptors) {
		int position = buffer.position();
		int length = Math.min(buffer.remaining(), BufferCalls.MAX_COPY);
		if (length == 0) {
			throw new IllegalArgumentException("'buffer' must have a byte at least, with which descriptors are sent");
		}
		if (descriptors.size() > SocketMessage.MOST_DESCRIPTORS) {
			throw new IllegalArgumentException("'descriptors' must be %d at most but are %d"
				.formatted(SocketMessage.MOST_DESCRIPTORS, descriptors.size()));
		}
		SocketMessage message = new SocketMessage(descriptors.size());
		int[] numbers = new int[descriptors.size()];
		int fd = acquire();
		int acquired = 0;
		try {
			for (FileDescriptor descriptor : descriptors) {
				numbers[acquired] = descriptor.acquire();
				acquired++;
			}
			int result;
			do {
				result = message.send(fd, buffer, position, length, CONNECTED, numbers);
			}
			while (Errno.EINTR.is(result));
			return moved(buffer, position, "sendmsg", result);
		}
		finally {
			for (int i = 0; i < acquired; i++) {
				descriptors.get(i).release();
			}
			release();
		}
	}

	/**
	 * Reads from a Unix socket what is there, and the file descriptors that were sent
	 * with it.
	 * @param buffer where to put the bytes
	 * @param descriptors is given the file descriptors, which the caller is to close;
	 * {@link #read(ByteBuffer)} drops them
	 * @return the number of bytes, 0 if none are there yet, -1 at the end
	 * @throws IllegalStateException if file descriptors were lost, as the process may not
	 * open so many; the bytes and the other ones were read
	 * @throws ErrnoException if the call fails
	 */
	public int read(ByteBuffer buffer, List<? super FileDescriptor> descriptors) {
		int position = buffer.position();
		int length = Math.min(buffer.remaining(), BufferCalls.MAX_COPY);
		if (length == 0) {
			return 0;
		}
		SocketMessage message = new SocketMessage(SocketMessage.MOST_DESCRIPTORS);
		int fd = acquire();
		try {
			int result;
			do {
				result = message.receive(fd, buffer, position, length, 0);
			}
			while (Errno.EINTR.is(result));
			if (result == 0) {
				return -1;
			}
			int count = moved(buffer, position, "recvmsg", result);
			adopt(message.descriptors(), descriptors);
			if (message.isTruncated()) {
				throw new IllegalStateException(
						"File descriptors that came through %s are lost, as too many files are open".formatted(this));
			}
			return count;
		}
		finally {
			release();
		}
	}

	/** Adopts all, or closes those that are not. */
	private void adopt(int[] numbers, List<? super FileDescriptor> owners) {
		int adopted = 0;
		try {
			for (int number : numbers) {
				owners.add(FileDescriptor.adopt(number, "received through " + this.name));
				adopted++;
			}
		}
		finally {
			for (int i = adopted; i < numbers.length; i++) {
				LibC.close(numbers[i]);
			}
		}
	}

	private int moved(ByteBuffer buffer, int position, String call, int result) {
		if (result >= 0) {
			transferred();
		}
		return advance(buffer, position, call, result);
	}

	/** Ends the opening of a socket for a connection that is not there. */
	private static final class NoneWaits extends RuntimeException {

		private static final long serialVersionUID = 1L;

		private static final NoneWaits INSTANCE = new NoneWaits();

		private NoneWaits() {
			super("no connection waits", null, false, false);
		}

	}

}

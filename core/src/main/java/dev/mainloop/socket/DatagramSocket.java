package dev.mainloop.socket;

import java.net.SocketAddress;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.function.IntConsumer;
import java.util.function.IntSupplier;
import java.util.function.ToIntBiFunction;

import dev.mainloop.fd.FileDescriptor;
import dev.mainloop.libc.BufferCalls;
import dev.mainloop.libc.Errno;
import dev.mainloop.libc.ErrnoException;
import dev.mainloop.libc.LibC;
import dev.mainloop.libc.PollFds;
import dev.mainloop.libc.SocketCalls;
import dev.mainloop.libc.SocketMessage;
import org.jspecify.annotations.Nullable;

/**
 * A socket that keeps messages apart and needs no connection, of UDP or of this machine,
 * see {@code udp(7)} and {@code unix(7)}. All methods may be called by any thread.
 * <p>
 * One that is connected sends with {@link #write}, which answers 0 while there is no room
 * for the message, and {@link #readMessage} takes the next one from its peer. Others use
 * {@link #send} and {@link #receive}.
 */
public final class DatagramSocket extends FileDescriptor {

	private static final long NANOS_PER_MILLI = 1_000_000;

	private static final long LONGEST_WAIT = Integer.MAX_VALUE;

	private DatagramSocket(String description, IntSupplier opening) {
		super(description, opening);
	}

	/**
	 * Opens a socket that receives at an address. What it makes in the file system stays
	 * when it is closed.
	 * @param address the address, which no socket may have: an
	 * {@link java.net.InetSocketAddress}, whose port may be 0 for any that is free, or a
	 * {@link UnixAddress}
	 * @return the socket, to be closed by the caller
	 * @throws IllegalArgumentException if it is another address, or not resolved
	 * @throws ErrnoException if a call fails: with {@code EADDRINUSE} where the address
	 * is taken
	 */
	public static DatagramSocket bind(SocketAddress address) {
		return open("bind", address, SocketCalls::bind);
	}

	/**
	 * Opens a socket that sends to an address, and receives from there alone.
	 * @param address the address, at which a Unix socket must receive
	 * @return the socket, to be closed by the caller
	 * @throws IllegalArgumentException if it is neither an
	 * {@link java.net.InetSocketAddress} nor a {@link UnixAddress}, or not resolved
	 * @throws ErrnoException if a call fails: with {@code ENOENT} or {@code ECONNREFUSED}
	 * where no Unix socket receives, with {@code EACCES} where its path may not be
	 * written
	 */
	public static DatagramSocket connect(SocketAddress address) {
		return open("connect", address, SocketCalls::connect);
	}

	private static DatagramSocket open(String call, SocketAddress address, ToIntBiFunction<Integer, byte[]> assign) {
		SocketAddress required = Addresses.required(address);
		byte[] bytes = Addresses.bytes(required);
		int family = Addresses.family(required);
		IntConsumer assigning = (number) -> {
			int result = assign.applyAsInt(number, bytes);
			if (result < 0) {
				throw new ErrnoException(result, call, required);
			}
		};
		return new DatagramSocket(required.toString(),
				() -> open(() -> Sockets.open(family, LibC.SOCK_DGRAM), assigning));
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
	 * Sends a message, see {@code sendto(2)}.
	 * @param message the message, whose position is moved to the limit if it is taken
	 * @param address whom to send it to
	 * @return {@code false} while there is no room for it
	 * @throws IllegalArgumentException if it cannot be sent to such an address
	 * @throws ErrnoException if the call fails: with {@code EMSGSIZE} for one that is too
	 * long, with {@code ECONNREFUSED} where none receives, of UDP for an earlier message
	 */
	public boolean send(ByteBuffer message, SocketAddress address) {
		SocketAddress required = Addresses.required(address);
		byte[] bytes = Addresses.bytes(required);
		int position = message.position();
		int length = message.remaining();
		SocketMessage header = new SocketMessage(0);
		int fd = acquire();
		try {
			int result;
			do {
				result = header.send(fd, message, position, length, bytes);
			}
			while (Errno.EINTR.is(result));
			if (Errno.EAGAIN.is(result)) {
				return false;
			}
			if (result < 0) {
				throw new ErrnoException(result, "sendmsg", this, required);
			}
			transferred();
			message.position(position + result);
			return true;
		}
		finally {
			release();
		}
	}

	/**
	 * Receives a message and tells from where, see {@code recvfrom(2)}. What the buffer
	 * has no room for is lost, see {@link #readMessage} for its length.
	 * @param message where to put the message
	 * @return who has sent it, or {@code null} if none is there
	 * @throws IllegalArgumentException if the buffer is read-only
	 * @throws ErrnoException if the call fails: with {@code ECONNREFUSED} where none has
	 * received what this socket has sent
	 */
	public @Nullable SocketAddress receive(ByteBuffer message) {
		if (message.isReadOnly()) {
			throw new IllegalArgumentException("'message' must not be read-only");
		}
		int position = message.position();
		int length = Math.min(message.remaining(), BufferCalls.MAX_COPY);
		SocketMessage header = new SocketMessage(0);
		int fd = acquire();
		try {
			int result;
			do {
				result = header.receive(fd, message, position, length, 0);
			}
			while (Errno.EINTR.is(result));
			if (Errno.EAGAIN.is(result)) {
				return null;
			}
			if (result < 0) {
				throw new ErrnoException(result, "recvmsg", this);
			}
			transferred();
			message.position(position + result);
			return Addresses.of(header.address());
		}
		finally {
			release();
		}
	}

	/**
	 * Waits until the receiver has room for a message, or has closed.
	 * @param time how long at most
	 * @return {@code false} if that time has passed
	 * @throws ErrnoException if {@code poll(2)} fails
	 */
	public boolean awaitRoom(Duration time) {
		long end = System.nanoTime() + time.toNanos();
		PollFds fds = new PollFds(1);
		int fd = acquire();
		try {
			long left;
			int result;
			do {
				left = Math.max(0, end - System.nanoTime());
				fds.set(0, fd, LibC.POLLOUT);
				result = LibC.poll(fds.address(), fds.capacity(), (int) Math.min(LONGEST_WAIT, millis(left)));
			}
			while (Errno.EINTR.is(result) || (result == 0 && left > 0));
			if (result < 0) {
				throw new ErrnoException(result, "poll", this);
			}
			return result > 0;
		}
		finally {
			release();
		}
	}

	/** Rounds up, so that no wait is early. */
	private static long millis(long nanos) {
		return (nanos + NANOS_PER_MILLI - 1) / NANOS_PER_MILLI;
	}

}

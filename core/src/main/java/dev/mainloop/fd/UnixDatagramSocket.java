package dev.mainloop.fd;

import java.time.Duration;
import java.util.function.IntSupplier;
import java.util.function.ToIntBiFunction;

import dev.mainloop.libc.Errno;
import dev.mainloop.libc.ErrnoException;
import dev.mainloop.libc.LibC;
import dev.mainloop.libc.PollFds;
import dev.mainloop.libc.SocketCalls;

/**
 * A Unix socket that keeps messages apart and needs no connection, see {@code unix(7)}.
 * {@link #readMessage} takes the next message, {@link #write} sends one and answers 0
 * while the receiver has no room. All methods may be called by any thread.
 */
public final class UnixDatagramSocket extends FileDescriptor {

	private static final long NANOS_PER_MILLI = 1_000_000;

	private static final long LONGEST_WAIT = Integer.MAX_VALUE;

	private UnixDatagramSocket(String description, IntSupplier opening) {
		super(description, opening);
	}

	/**
	 * Opens a socket that receives at an address. What it makes in the file system stays
	 * when it is closed.
	 * @param address the address, which no socket may have
	 * @return the socket, to be closed by the caller
	 * @throws ErrnoException if a call fails: with {@code EADDRINUSE} where the path or
	 * the name is taken
	 */
	public static UnixDatagramSocket bind(UnixAddress address) {
		return open("bind", address, SocketCalls::bind);
	}

	/**
	 * Opens a socket that sends to an address.
	 * @param address the address, at which a socket must receive
	 * @return the socket, to be closed by the caller
	 * @throws ErrnoException if a call fails: with {@code ENOENT} or {@code ECONNREFUSED}
	 * where none receives, with {@code EACCES} where its path may not be written
	 */
	public static UnixDatagramSocket connect(UnixAddress address) {
		return open("connect", address, SocketCalls::connect);
	}

	private static UnixDatagramSocket open(String call, UnixAddress address, ToIntBiFunction<Integer, byte[]> assign) {
		return new UnixDatagramSocket(address.toString(), () -> open(UnixDatagramSocket::socket, (number) -> {
			int result = assign.applyAsInt(number, address.path());
			if (result < 0) {
				throw new ErrnoException(result, call, address);
			}
		}));
	}

	private static int socket() {
		int number = SocketCalls.unixSocket(LibC.SOCK_DGRAM);
		if (number < 0) {
			throw new ErrnoException(number, "socket", "AF_UNIX", "SOCK_DGRAM");
		}
		return number;
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

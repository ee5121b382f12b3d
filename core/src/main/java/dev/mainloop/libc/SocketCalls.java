package dev.mainloop.libc;

/**
 * The system calls of sockets, by the convention of {@link LibC}. They are loaded on
 * first use. An address is the bytes of a {@code struct sockaddr} of its family.
 */
public final class SocketCalls {

	/** Sockets of this machine. */
	public static final int AF_UNIX = 1;

	/** IPv4. */
	public static final int AF_INET = 2;

	/** IPv6. */
	public static final int AF_INET6 = 10;

	/** The options of all sockets. */
	public static final int SOL_SOCKET = 1;

	/** Use an address whose last connections are not forgotten yet. */
	public static final int SO_REUSEADDR = 2;

	/** The error of a socket, which asking for it clears. */
	public static final int SO_ERROR = 4;

	/** Have several sockets at one address, among which the kernel shares out. */
	public static final int SO_REUSEPORT = 15;

	/** Whether a socket listens. */
	public static final int SO_ACCEPTCONN = 30;

	/** The options of TCP. */
	public static final int IPPROTO_TCP = 6;

	/** Send at once what is written. */
	public static final int TCP_NODELAY = 1;

	/** The options of IPv6. */
	public static final int IPPROTO_IPV6 = 41;

	/** Whether an IPv6 socket has nothing to do with IPv4. */
	public static final int IPV6_V6ONLY = 26;

	/** Shut down the writing half of a connection. */
	public static final int SHUT_WR = 1;

	/** How many bytes the longest address has, {@code struct sockaddr_storage}. */
	public static final int LONGEST_ADDRESS = 128;

	/** How many bytes a {@code struct sockaddr_un} has for its path. */
	public static final int UNIX_PATH_MAX = 108;

	private static final int SO_PEERCRED = 17;

	private SocketCalls() {
	}

	/**
	 * Opens a socket that never blocks and is closed on exec, see {@code socket(2)}.
	 * @param family an {@code AF_…} number
	 * @param type a {@code SOCK_…} number
	 * @return the number of the file descriptor or a negated errno
	 */
	public static int socket(int family, int type) {
		return Library.SOCKET.call(family, type | LibC.O_NONBLOCK | LibC.O_CLOEXEC, 0);
	}

	/**
	 * Gives a socket its address, see {@code bind(2)}.
	 * @param fd the socket
	 * @param address the address
	 * @return zero or a negated errno
	 */
	public static int bind(int fd, byte[] address) {
		try (Scratch scratch = scratch(address)) {
			return Library.BIND.call(fd, scratch.memory().address(), address.length);
		}
	}

	/**
	 * Connects a socket, see {@code connect(2)}.
	 * @param fd the socket
	 * @param address the address of the other side
	 * @return zero or a negated errno
	 */
	public static int connect(int fd, byte[] address) {
		try (Scratch scratch = scratch(address)) {
			return Library.CONNECT.call(fd, scratch.memory().address(), address.length);
		}
	}

	private static Scratch scratch(byte[] address) {
		Scratch scratch = Scratch.take(address.length);
		scratch.memory().buffer().put(0, address);
		return scratch;
	}

	/**
	 * Has a socket take connections, see {@code listen(2)}.
	 * @param fd the socket
	 * @param backlog how many may wait to be accepted
	 * @return zero or a negated errno
	 */
	public static int listen(int fd, int backlog) {
		return Library.LISTEN.call(fd, backlog);
	}

	/**
	 * Accepts a connection, by a socket that never blocks and is closed on exec, see
	 * {@code accept4(2)}.
	 * @param fd the socket that listens
	 * @return the number of the file descriptor or a negated errno
	 */
	public static int accept(int fd) {
		return Library.ACCEPT4.call(fd, 0, 0, LibC.O_NONBLOCK | LibC.O_CLOEXEC);
	}

	/**
	 * Shuts down a half of a connection, see {@code shutdown(2)}.
	 * @param fd the socket
	 * @param how a {@code SHUT_…} number
	 * @return zero or a negated errno
	 */
	public static int shutdown(int fd, int how) {
		return Library.SHUTDOWN.call(fd, how);
	}

	/**
	 * Sets the permissions that the file of a Unix socket is made with, see
	 * {@code fchmod(2)}.
	 * @param fd the socket, which has no address yet
	 * @param mode the permissions
	 * @return zero or a negated errno
	 */
	public static int fchmod(int fd, int mode) {
		return Library.FCHMOD.call(fd, mode);
	}

	/**
	 * Sets an option, see {@code setsockopt(2)}.
	 * @param fd the socket
	 * @param level whose option it is
	 * @param option the option
	 * @param value its value
	 * @return zero or a negated errno
	 */
	public static int setOption(int fd, int level, int option, int value) {
		try (Scratch scratch = Scratch.take(Integer.BYTES)) {
			scratch.memory().putInt(0, value);
			return Library.SETSOCKOPT.call(fd, level, option, scratch.memory().address(), Integer.BYTES);
		}
	}

	/**
	 * Returns the value of an option, see {@code getsockopt(2)}.
	 * @param fd the socket
	 * @param level whose option it is
	 * @param option the option
	 * @return the value or a negated errno
	 */
	public static int option(int fd, int level, int option) {
		return LibC.socketOption(fd, level, option);
	}

	/**
	 * Asks who had made the other side of a connected Unix socket, see
	 * {@code SO_PEERCRED} in {@code unix(7)}.
	 * @param fd the socket
	 * @param credentials is given the ids of the process, the user and the group
	 * @return zero or a negated errno
	 */
	public static int peerCredentials(int fd, int[] credentials) {
		int size = credentials.length * Integer.BYTES;
		try (Scratch scratch = Scratch.take(size + Integer.BYTES)) {
			long address = scratch.memory().address();
			scratch.memory().putInt(size, size);
			int result = Library.GETSOCKOPT.call(fd, SOL_SOCKET, SO_PEERCRED, address, address + size);
			for (int i = 0; i < credentials.length; i++) {
				credentials[i] = scratch.memory().getInt(i * Integer.BYTES);
			}
			return result;
		}
	}

	/**
	 * Returns the address of a socket, see {@code getsockname(2)}.
	 * @param fd the socket
	 * @param address is given the address
	 * @return how many bytes that has or a negated errno
	 */
	public static int localAddress(int fd, byte[] address) {
		return address(Library.GETSOCKNAME, fd, address);
	}

	/**
	 * Returns the address of the other side of a connection, see {@code getpeername(2)}.
	 * @param fd the socket
	 * @param address is given the address
	 * @return how many bytes that has or a negated errno
	 */
	public static int remoteAddress(int fd, byte[] address) {
		return address(Library.GETPEERNAME, fd, address);
	}

	private static int address(NativeFunction function, int fd, byte[] to) {
		try (Scratch scratch = Scratch.take(to.length + Integer.BYTES)) {
			long address = scratch.memory().address();
			scratch.memory().putInt(to.length, to.length);
			int result = function.call(fd, address, address + to.length);
			if (result < 0) {
				return result;
			}
			int length = Math.min(to.length, scratch.memory().getInt(to.length));
			scratch.memory().buffer().get(0, to, 0, length);
			return length;
		}
	}

	static int sendMessage(int fd, long header, int flags) {
		return Library.SENDMSG.call(fd, header, flags);
	}

	static int receiveMessage(int fd, long header, int flags) {
		return Library.RECVMSG.call(fd, header, flags);
	}

	private static final class Library {

		static final NativeFunction SOCKET = new NativeFunction("socket", 3);

		static final NativeFunction BIND = new NativeFunction("bind", 3);

		static final NativeFunction CONNECT = new NativeFunction("connect", 3);

		static final NativeFunction LISTEN = new NativeFunction("listen", 2);

		static final NativeFunction ACCEPT4 = new NativeFunction("accept4", 4);

		static final NativeFunction SHUTDOWN = new NativeFunction("shutdown", 2);

		static final NativeFunction FCHMOD = new NativeFunction("fchmod", 2);

		static final NativeFunction SETSOCKOPT = new NativeFunction("setsockopt", 5);

		static final NativeFunction GETSOCKOPT = new NativeFunction("getsockopt", 5);

		static final NativeFunction GETSOCKNAME = new NativeFunction("getsockname", 3);

		static final NativeFunction GETPEERNAME = new NativeFunction("getpeername", 3);

		static final NativeFunction SENDMSG = new NativeFunction("sendmsg", 3);

		static final NativeFunction RECVMSG = new NativeFunction("recvmsg", 3);

		private Library() {
		}

	}

}

package dev.mainloop.libc;

/**
 * The system calls that make sockets, by the convention of {@link LibC}. They are loaded
 * on first use.
 */
public final class SocketCalls {

	private static final int AF_UNIX = 1;

	private static final int FAMILY_SIZE = Short.BYTES;

	/** How many bytes a {@code struct sockaddr_un} has for its path. */
	public static final int UNIX_PATH_MAX = 108;

	private SocketCalls() {
	}

	/**
	 * Opens a Unix socket that never blocks and is closed on exec, see {@code socket(2)}.
	 * @param type a {@code SOCK_…} number
	 * @return the number of the file descriptor or a negated errno
	 */
	public static int unixSocket(int type) {
		return Library.SOCKET.call(AF_UNIX, type | LibC.O_NONBLOCK | LibC.O_CLOEXEC, 0);
	}

	/**
	 * Gives a socket its address, see {@code bind(2)}.
	 * @param fd the socket
	 * @param path what a {@code struct sockaddr_un} has as its path, see {@code unix(7)}
	 * @return zero or a negated errno
	 */
	public static int bind(int fd, byte[] path) {
		try (Scratch address = unixAddress(path)) {
			return Library.BIND.call(fd, address.memory().address(), FAMILY_SIZE + path.length);
		}
	}

	/**
	 * Sets the address that a socket sends to, see {@code connect(2)}.
	 * @param fd the socket
	 * @param path what a {@code struct sockaddr_un} has as its path, see {@code unix(7)}
	 * @return zero or a negated errno
	 */
	public static int connect(int fd, byte[] path) {
		try (Scratch address = unixAddress(path)) {
			return Library.CONNECT.call(fd, address.memory().address(), FAMILY_SIZE + path.length);
		}
	}

	private static Scratch unixAddress(byte[] path) {
		Scratch scratch = Scratch.take(FAMILY_SIZE + path.length);
		scratch.memory().putShort(0, (short) AF_UNIX);
		scratch.memory().buffer().put(FAMILY_SIZE, path);
		return scratch;
	}

	private static final class Library {

		static final NativeFunction SOCKET = new NativeFunction("socket", 3);

		static final NativeFunction BIND = new NativeFunction("bind", 3);

		static final NativeFunction CONNECT = new NativeFunction("connect", 3);

		private Library() {
		}

	}

}

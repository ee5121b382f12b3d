package dev.mainloop.socket;

import dev.mainloop.libc.ErrnoException;
import dev.mainloop.libc.LibC;
import dev.mainloop.libc.SocketCalls;

/**
 * Opens sockets, whose numbers have no owner yet.
 */
final class Sockets {

	private Sockets() {
	}

	static int open(int family, int type) {
		int number = SocketCalls.socket(family, type);
		if (number < 0) {
			throw new ErrnoException(number, "socket", family, type);
		}
		return number;
	}

	static int stream(int family) {
		int number = open(family, LibC.SOCK_STREAM);
		return (family == SocketCalls.AF_UNIX) ? number : prepared(number);
	}

	/** Has TCP send at once what is written. A Unix socket does so, and refuses that. */
	static int prepared(int number) {
		SocketCalls.setOption(number, SocketCalls.IPPROTO_TCP, SocketCalls.TCP_NODELAY, 1);
		return number;
	}

	static void option(int number, int level, int option, String name, int value) {
		int result = SocketCalls.setOption(number, level, option, value);
		if (result < 0) {
			throw new ErrnoException(result, "setsockopt", number, name);
		}
	}

}

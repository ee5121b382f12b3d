package dev.mainloop.fd;

import dev.mainloop.libc.Errno;
import dev.mainloop.libc.LibC;
import dev.mainloop.libc.PollFds;

/**
 * Tells whether a read has come to the end, which the kernel says of each kind of file in
 * another way.
 */
final class EndOfFile {

	private static final int POLLHUP = 0x10;

	private static final int POLLRDHUP = 0x2000;

	private EndOfFile() {
	}

	/**
	 * Tells whether nothing will come any more.
	 * @param number the number of the file descriptor, which had room for a byte at least
	 * @param result the result of the read
	 * @return {@code true} at the end, {@code false} after an empty message or an error
	 */
	static boolean isReached(int number, int result) {
		if (result == 0) {
			return isReachedByNothing(number);
		}
		// A terminal whose other side is gone. A disk that fails is not hung up.
		return Errno.EIO.is(result) && isHungUp(number, 0);
	}

	private static boolean isReachedByNothing(int number) {
		int type = LibC.socketType(number);
		if (type < 0) {
			return !LibC.isPollingTerminal(number);
		}
		if (type == LibC.SOCK_SEQPACKET) {
			return isHungUp(number, POLLRDHUP) && LibC.unreadBytes(number) <= 0;
		}
		return type == LibC.SOCK_STREAM;
	}

	private static boolean isHungUp(int number, int events) {
		PollFds one = new PollFds(1);
		one.set(0, number, events);
		return LibC.poll(one.address(), 1, 0) > 0 && (one.returnedEvents(0) & (POLLHUP | POLLRDHUP)) != 0;
	}

}

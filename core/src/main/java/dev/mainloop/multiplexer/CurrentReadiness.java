package dev.mainloop.multiplexer;

import dev.mainloop.fd.FileDescriptor;
import dev.mainloop.libc.Errno;
import dev.mainloop.libc.LibC;
import dev.mainloop.libc.PollFds;

/**
 * Asks {@code poll(2)} for the readiness of one file descriptor, without waiting. For one
 * thread.
 */
final class CurrentReadiness {

	private final PollFds fds = new PollFds(1);

	/**
	 * Asks for it.
	 * @param fd the file descriptor
	 * @param interest bits of {@link Readiness}
	 * @return those of them that it is ready for, none if it is closed
	 */
	int of(FileDescriptor fd, int interest) {
		int number;
		try {
			number = fd.acquire();
		}
		catch (IllegalStateException ex) {
			return 0;
		}
		try {
			return of(number, interest);
		}
		finally {
			fd.release();
		}
	}

	private int of(int number, int interest) {
		this.fds.set(0, number, interest);
		int result;
		do {
			result = LibC.poll(this.fds.address(), 1, 0);
		}
		while (Errno.EINTR.is(result));
		return this.fds.returnedEvents(0) & interest;
	}

}

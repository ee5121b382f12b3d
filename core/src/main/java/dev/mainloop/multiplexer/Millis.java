package dev.mainloop.multiplexer;

import java.util.concurrent.TimeUnit;

/**
 * The time-outs of {@code poll(2)} and {@code epoll_wait(2)}.
 */
final class Millis {

	private static final long NANOS = TimeUnit.MILLISECONDS.toNanos(1);

	private Millis() {
	}

	/**
	 * Converts a time-out, rounding up, so that no wait is too short.
	 * @param nanos nanoseconds; a negative number is no limit
	 * @return milliseconds, -1 for no limit
	 */
	static int ofTimeout(long nanos) {
		if (nanos < 0) {
			return -1;
		}
		long millis = nanos / NANOS + ((nanos % NANOS != 0) ? 1 : 0);
		return (int) Math.min(millis, Integer.MAX_VALUE);
	}

}

package dev.mainloop.multiplexer;

import java.util.function.LongToIntFunction;

import dev.mainloop.libc.Errno;

/**
 * Goes on with a wait that a signal handler of the process has interrupted, until the
 * time that was set for it.
 */
final class EarlyEnd {

	private EarlyEnd() {
	}

	/**
	 * Waits until something is ready or the time is over.
	 * @param timeoutNanos how long in nanoseconds; 0 does not wait, a negative number
	 * waits without limit
	 * @param wait waits once for as many nanoseconds, and answers a result of
	 * {@link dev.mainloop.libc.LibC}
	 * @return the result, which is not {@code -EINTR}
	 */
	static int restart(long timeoutNanos, LongToIntFunction wait) {
		if (timeoutNanos <= 0) {
			int result = wait.applyAsInt(timeoutNanos);
			while (Errno.EINTR.is(result)) {
				result = wait.applyAsInt(timeoutNanos);
			}
			return result;
		}
		long deadline = System.nanoTime() + timeoutNanos;
		int result = wait.applyAsInt(timeoutNanos);
		long remaining = deadline - System.nanoTime();
		while (Errno.EINTR.is(result) || (result == 0 && remaining > 0)) {
			result = wait.applyAsInt(Math.max(0, remaining));
			remaining = deadline - System.nanoTime();
		}
		return result;
	}

}

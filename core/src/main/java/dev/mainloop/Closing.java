package dev.mainloop;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * A thread that waits until the handler that is running now has returned: it leaves this
 * for the loop, which comes to it between two handlers. Or those that wait for the end of
 * the loop. Their time-outs need no thread, as those of futures do, which would keep the
 * class loader of who starts it.
 */
final class Closing extends Link {

	private final CountDownLatch passed = new CountDownLatch(1);

	void pass() {
		this.passed.countDown();
	}

	/**
	 * Waits until the loop has come to it. An interrupt is kept for the caller.
	 * @param timeoutNanos how long at most, in nanoseconds
	 * @return {@code false} if it has not by then
	 */
	boolean await(long timeoutNanos) {
		long end = System.nanoTime() + timeoutNanos;
		boolean interrupted = false;
		try {
			while (true) {
				try {
					return this.passed.await(end - System.nanoTime(), TimeUnit.NANOSECONDS);
				}
				catch (InterruptedException ex) {
					interrupted = true;
				}
			}
		}
		finally {
			if (interrupted) {
				Thread.currentThread().interrupt();
			}
		}
	}

}

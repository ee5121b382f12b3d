package dev.mainloop;

/**
 * Handles the expiration of a timer, on the loop's thread.
 */
@FunctionalInterface
public interface TimerHandler {

	/**
	 * Called when the timer has expired. It must not block.
	 * @param timer the timer, whose {@link Timer#tick()} tells how often and how late
	 * @throws Exception if it fails, which the loop's {@link ErrorHandler} is told
	 */
	void expired(Timer timer) throws Exception;

}

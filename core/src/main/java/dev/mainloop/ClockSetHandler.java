package dev.mainloop;

/**
 * Handles that the wall clock was set, on the loop's thread.
 */
@FunctionalInterface
public interface ClockSetHandler {

	/**
	 * Called when the clock was set. It must not block.
	 * @param change how far
	 * @throws Exception if it fails, which the loop's {@link ErrorHandler} is told
	 */
	void clockSet(ClockChange change) throws Exception;

}

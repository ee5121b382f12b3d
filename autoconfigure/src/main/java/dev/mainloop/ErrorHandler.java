package dev.mainloop;

/**
 * Is told what the handlers of a {@link MainLoop} throw; the loop goes on.
 */
@FunctionalInterface
public interface ErrorHandler {

	/**
	 * Called on the loop's thread when a handler has thrown.
	 * @param source the event source whose handler it is
	 * @param error what it threw
	 */
	void handleError(EventSource source, Throwable error);

}

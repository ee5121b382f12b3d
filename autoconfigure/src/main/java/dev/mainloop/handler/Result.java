package dev.mainloop.handler;

import org.jspecify.annotations.Nullable;

/**
 * What takes the outcome of one call of a handler method, once, on the loop's thread: one
 * of both methods is called.
 */
interface Result {

	/**
	 * Takes what the method has returned.
	 * @param event the event that the method was called with
	 * @param value what it has returned, {@code null} if that is nothing
	 * @throws Exception what is to go to the error handler with the event
	 */
	void returned(Object event, @Nullable Object value) throws Exception;

	/**
	 * Takes what the method has thrown, of which the error handler is told as well.
	 * @param event the event that the method was called with
	 * @param error what it has thrown
	 */
	void failed(Object event, Throwable error);

}

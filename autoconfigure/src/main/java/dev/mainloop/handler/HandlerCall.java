package dev.mainloop.handler;

/**
 * A handler method that is called with events. Used by the loop's thread alone.
 *
 * @param <E> the type of the events
 */
@FunctionalInterface
public interface HandlerCall<E> {

	/**
	 * Calls the method, and sends on what it returns.
	 * @param event the event
	 * @throws Exception what the method throws, or that what it returned was refused
	 */
	void invoke(E event) throws Exception;

}

package dev.mainloop;

/**
 * Thrown by a handler that passes events on to others, to name the one that failed. The
 * {@link ErrorHandler} is told its event and the cause, and the log the name.
 */
public class HandlerFailedException extends Exception {

	private static final long serialVersionUID = 1L;

	private final String handler;

	private final transient Object event;

	private final Throwable error;

	/**
	 * Creates an exception.
	 * @param handler what log lines call the handler
	 * @param event the event as that handler got it
	 * @param error what it threw
	 */
	public HandlerFailedException(String handler, Object event, Throwable error) {
		super("The handler '%s' failed".formatted(handler), error);
		this.handler = handler;
		this.event = event;
		this.error = error;
	}

	/**
	 * Returns what log lines call the handler.
	 * @return the name
	 */
	public String handler() {
		return this.handler;
	}

	/**
	 * Returns the event.
	 * @return the event as that handler got it
	 */
	public Object event() {
		return this.event;
	}

	/**
	 * Returns what it threw.
	 * @return the error
	 */
	public Throwable error() {
		return this.error;
	}

}

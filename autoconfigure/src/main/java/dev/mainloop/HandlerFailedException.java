package dev.mainloop;

/**
 * Thrown by a handler that passes events on to others, to name the one that failed. The
 * {@link ErrorHandler} is told the cause, and the log the name.
 */
public class HandlerFailedException extends Exception {

	private static final long serialVersionUID = 1L;

	private final String handler;

	private final Throwable error;

	/**
	 * Creates an exception.
	 * @param handler what log lines call the handler
	 * @param error what it threw
	 */
	public HandlerFailedException(String handler, Throwable error) {
		super("The handler '%s' failed".formatted(handler), error);
		this.handler = handler;
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
	 * Returns what it threw.
	 * @return the error
	 */
	public Throwable error() {
		return this.error;
	}

}

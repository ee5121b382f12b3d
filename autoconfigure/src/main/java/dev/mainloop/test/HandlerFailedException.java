package dev.mainloop.test;

/**
 * Thrown to a test when a handler has thrown; the cause is what it threw.
 */
public class HandlerFailedException extends RuntimeException {

	private static final long serialVersionUID = 1L;

	/**
	 * Creates an exception for a handler.
	 * @param description the description of its event source
	 * @param cause what it threw
	 */
	HandlerFailedException(String description, Throwable cause) {
		super("The handler of '%s' failed: %s".formatted(description, cause), cause);
	}

}

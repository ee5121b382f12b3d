package dev.mainloop.test;

/**
 * Thrown to a test when a handler has thrown and the application has no error handler;
 * the cause is what it threw.
 */
public class UnhandledErrorException extends RuntimeException {

	private static final long serialVersionUID = 1L;

	/**
	 * Creates an exception for a handler.
	 * @param description the description of its event source
	 * @param cause what it threw
	 */
	UnhandledErrorException(String description, Throwable cause) {
		super("The handler of '%s' failed: %s".formatted(description, cause), cause);
	}

}

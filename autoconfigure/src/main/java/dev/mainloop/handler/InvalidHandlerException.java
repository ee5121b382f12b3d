package dev.mainloop.handler;

/**
 * Thrown at start-up when a handler method, or the injection of a queue to one, cannot
 * work.
 */
public class InvalidHandlerException extends IllegalStateException {

	private static final long serialVersionUID = 1L;

	private final String action;

	InvalidHandlerException(String description, String action) {
		super(description);
		this.action = action;
	}

	InvalidHandlerException(String description, String action, Throwable cause) {
		super(description, cause);
		this.action = action;
	}

	/**
	 * Returns what to do about it.
	 * @return a sentence
	 */
	public String getAction() {
		return this.action;
	}

}

package dev.mainloop.handler;

import dev.mainloop.log.LogText;

/**
 * Thrown at start-up when a handler method, or the injection of a queue to one, cannot
 * work.
 */
public class InvalidHandlerException extends IllegalStateException {

	private static final long serialVersionUID = 1L;

	private static final int MAX_LENGTH = 2000;

	private final String action;

	InvalidHandlerException(String description, String action) {
		super(LogText.of(description, MAX_LENGTH));
		this.action = LogText.of(action, MAX_LENGTH);
	}

	InvalidHandlerException(String description, String action, Throwable cause) {
		super(LogText.of(description, MAX_LENGTH), cause);
		this.action = LogText.of(action, MAX_LENGTH);
	}

	/**
	 * Returns what to do about it.
	 * @return a sentence
	 */
	public String getAction() {
		return this.action;
	}

}

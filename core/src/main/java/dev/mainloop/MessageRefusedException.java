package dev.mainloop;

/**
 * Thrown when an {@link EventQueue} does not take a message: it is full or closed, or its
 * loop is stopping, or no handler takes such a message.
 */
public class MessageRefusedException extends IllegalStateException {

	private static final long serialVersionUID = 1L;

	/**
	 * Creates an exception.
	 * @param message which queue refused, why, and what to do
	 */
	public MessageRefusedException(String message) {
		super(message);
	}

}

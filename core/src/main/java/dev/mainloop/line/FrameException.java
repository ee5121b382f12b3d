package dev.mainloop.line;

/**
 * Thrown when a frame is too long, or its stream has ended within it.
 */
public class FrameException extends IllegalStateException {

	private static final long serialVersionUID = 1L;

	/**
	 * Creates an exception.
	 * @param message what is wrong with which frame
	 */
	public FrameException(String message) {
		super(message);
	}

}

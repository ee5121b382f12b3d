package dev.mainloop;

/**
 * Thrown when a {@link MainLoop} is asked for on a host that has no epoll.
 */
public class UnsupportedPlatformException extends IllegalStateException {

	private static final long serialVersionUID = 1L;

	/**
	 * Creates an exception.
	 * @param cause why the host does not serve
	 */
	public UnsupportedPlatformException(String cause) {
		super("The main loop is not available: " + cause);
	}

}

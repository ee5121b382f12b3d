package dev.mainloop;

/**
 * Thrown when a {@link MainLoop} is asked for on a host that has no epoll.
 */
public class UnsupportedPlatformException extends IllegalStateException {

	private static final long serialVersionUID = 1L;

	private final String remedy;

	/**
	 * Creates an exception.
	 * @param cause why the host does not serve, half a sentence
	 * @param remedy what helps, a sentence with its full stop
	 */
	public UnsupportedPlatformException(String cause, String remedy) {
		super("The main loop is not available: " + cause);
		this.remedy = remedy;
	}

	/**
	 * Returns what helps.
	 * @return a sentence with its full stop
	 */
	public String remedy() {
		return this.remedy;
	}

}

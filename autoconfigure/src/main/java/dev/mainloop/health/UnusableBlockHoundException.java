package dev.mainloop.health;

import org.jspecify.annotations.Nullable;

/**
 * Thrown where calls that block a loop are to fail, and BlockHound cannot tell of them.
 */
public class UnusableBlockHoundException extends IllegalStateException {

	private static final long serialVersionUID = 1;

	private final String remedy;

	/**
	 * Creates an exception.
	 * @param reason what is wrong with BlockHound, the end of a sentence
	 * @param remedy what to do about it, the beginning of a sentence
	 * @param cause what it has thrown, {@code null} for nothing
	 */
	public UnusableBlockHoundException(String reason, String remedy, @Nullable Throwable cause) {
		super("'mainloop.blocked-handler.fail-fast' is true, and BlockHound " + reason, cause);
		this.remedy = remedy + ", or remove the property, which is for development.";
	}

	/**
	 * Says what to do.
	 * @return a sentence
	 */
	public String remedy() {
		return this.remedy;
	}

}

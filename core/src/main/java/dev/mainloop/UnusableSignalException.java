package dev.mainloop;

import dev.mainloop.fd.Signal;

/**
 * Thrown when a signal cannot reach the loop.
 */
public class UnusableSignalException extends IllegalArgumentException {

	private static final long serialVersionUID = 1L;

	private final String remedy;

	UnusableSignalException(Signal signal, String reason, String remedy) {
		super("%s cannot be handled: %s. %s.".formatted(signal, reason, remedy));
		this.remedy = remedy;
	}

	/**
	 * Returns what would help.
	 * @return a sentence without its full stop
	 */
	public String remedy() {
		return this.remedy;
	}

}

package dev.mainloop;

/**
 * Thrown when the thread of a {@link MainLoop} cannot run on the CPUs that it is to run
 * on.
 */
public class UnusableCpusException extends IllegalStateException {

	private static final long serialVersionUID = 1L;

	private final String remedy;

	UnusableCpusException(String reason, String remedy) {
		super("%s. %s.".formatted(reason, remedy));
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

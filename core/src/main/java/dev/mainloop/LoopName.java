package dev.mainloop;

import java.util.Objects;

import dev.mainloop.log.LogText;

/**
 * What a loop is called.
 *
 * @param name its name
 */
record LoopName(String name) {

	static final LoopName MAIN = new LoopName("main");

	private static final String THREAD = "mainloop";

	LoopName {
		Objects.requireNonNull(name, "'name' must not be null");
		String printable = LogText.of(name);
		if (name.isBlank() || !name.equals(printable)) {
			throw new IllegalArgumentException(
					"'name' must be printable, and not blank or longer than %d characters, but is '%s'"
						.formatted(LogText.MAX_LENGTH, printable));
		}
	}

	/**
	 * Compares the names alone, as what the JVM makes for {@code equals} of a record
	 * outlives the class loader.
	 */
	private boolean isMain() {
		return this.name.equals(MAIN.name);
	}

	/** Returns the name of its thread. */
	String thread() {
		return isMain() ? THREAD : THREAD + "-" + this.name;
	}

	/**
	 * Returns what a sentence adds to what the loop has, such as a queue, with a space
	 * before it: nothing for the main loop.
	 */
	String on() {
		return isMain() ? "" : " on the " + this;
	}

	/** Returns what a sentence calls it, after an article. */
	@Override
	public String toString() {
		return isMain() ? "main loop" : "main loop '" + this.name + "'";
	}

}

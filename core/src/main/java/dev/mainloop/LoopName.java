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
		if (name.isBlank()) {
			throw new IllegalArgumentException("'name' must not be blank");
		}
	}

	/** Returns the name of its thread. */
	String thread() {
		return equals(MAIN) ? THREAD : THREAD + "-" + this.name;
	}

	/** Returns what a sentence calls it, after an article. */
	@Override
	public String toString() {
		return equals(MAIN) ? "main loop" : "main loop '%s'".formatted(LogText.of(this.name));
	}

}

package dev.mainloop;

import java.util.Locale;

/**
 * What a {@link MainLoop} does with an event source whose handler fails again and again.
 */
public enum ErrorPolicy {

	/** Goes on calling the handler. */
	CONTINUE,

	/** Disables the event source until it is resumed. */
	DISABLE,

	/** Ends the loop, which has failed then. */
	STOP;

	@Override
	public String toString() {
		return name().toLowerCase(Locale.ROOT);
	}

}

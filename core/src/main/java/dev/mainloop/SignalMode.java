package dev.mainloop;

import java.util.Locale;

/**
 * How signals reach a {@link MainLoop}.
 */
public enum SignalMode {

	/**
	 * {@link #SIGNALFD} for a signal that every thread of the process blocks, otherwise
	 * {@link #RELAY}.
	 */
	AUTO,

	/** The kernel's {@code signalfd(2)}, which tells who sent a signal and why. */
	SIGNALFD,

	/** The JVM's own handler, which passes a signal on without telling more. */
	RELAY;

	@Override
	public String toString() {
		return name().toLowerCase(Locale.ROOT);
	}

}

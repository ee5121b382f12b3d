package dev.mainloop;

import dev.mainloop.fd.ClockId;
import dev.mainloop.libc.Clocks;

/**
 * Tells a {@link MainLoop} the time by which its timers run. A test replaces it to move
 * time by hand, with {@link MainLoop#runOnce()}.
 */
@FunctionalInterface
public interface NanoClock {

	/** The clocks of the kernel. */
	NanoClock SYSTEM = System::nanoTime;

	/**
	 * Returns the time of {@link ClockId#MONOTONIC}, which is what the JVM's
	 * {@link System#nanoTime()} reads on Linux.
	 * @return nanoseconds since some point in the past; a loop that waits needs those of
	 * the kernel, which wakes it by that clock
	 */
	long nanoTime();

	/**
	 * Returns the time of a clock.
	 * @param clock the clock
	 * @return nanoseconds, since 1970 for the real-time clocks
	 */
	default long nanoTime(ClockId clock) {
		return (clock == ClockId.MONOTONIC) ? nanoTime() : Clocks.nanoTime(clock.readableNumber());
	}

}

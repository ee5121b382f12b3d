package dev.mainloop;

/**
 * Tells a {@link MainLoop} the time by which its timers run. A test replaces it to move
 * time by hand, with {@link MainLoop#runOnce()}.
 */
@FunctionalInterface
public interface NanoClock {

	/** {@code CLOCK_MONOTONIC}, which is what the JVM reads on Linux. */
	NanoClock MONOTONIC = System::nanoTime;

	/**
	 * Returns the time.
	 * @return nanoseconds since some point in the past; a loop that waits needs those of
	 * {@code CLOCK_MONOTONIC}, as the kernel wakes it by that clock
	 */
	long nanoTime();

}

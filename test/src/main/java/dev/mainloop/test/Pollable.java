package dev.mainloop.test;

import dev.mainloop.multiplexer.Readiness;

/**
 * A file descriptor in memory, as {@link TestMultiplexer} sees it.
 */
interface Pollable {

	/**
	 * Tells what it is ready for.
	 * @return bits of {@link Readiness}
	 */
	int readiness();

	/**
	 * Told of what a wait has reported.
	 * @param readiness bits of {@link Readiness}
	 */
	default void reported(int readiness) {
	}

	/**
	 * Counts what has happened to it, of which an edge-triggered wait tells.
	 * @return a number that grows
	 */
	long changes();

	/**
	 * Has the loop run each time that the test makes something happen to it.
	 * @param loop runs the loop
	 */
	default void watchedBy(Runnable loop) {
	}

}

package dev.mainloop.pulse;

import java.time.Instant;
import java.util.List;

/**
 * What the main loop itself has done since the last such sample.
 *
 * @param time the time
 * @param busy for which share of the time it was at work, in percent
 * @param lag how long events have waited for their handlers on average, in milliseconds
 * @param handlers the handlers that took longest lately, the slowest first
 * @param queues its queues
 * @param pages how many pages are open
 * @param dropped how many frames were dropped, as some page did not take them
 */
record LoopSample(Instant time, double busy, double lag, List<Handler> handlers, List<Queue> queues, int pages,
		long dropped) {

	/**
	 * The handlers of an event source.
	 *
	 * @param name the source
	 * @param events how many events they have handled
	 * @param mean how long they take on average, in milliseconds
	 * @param longest how long they took lately at most, in milliseconds
	 */
	record Handler(String name, long events, double mean, double longest) {

	}

	/**
	 * A queue.
	 *
	 * @param name its name
	 * @param size how many messages wait
	 * @param capacity how many may wait
	 * @param dropped how many were dropped
	 */
	record Queue(String name, int size, int capacity, long dropped) {

	}

}

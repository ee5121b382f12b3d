package dev.mainloop.handler;

import java.time.Duration;
import java.util.Set;
import java.util.function.BiFunction;

/**
 * What the properties say about queues.
 *
 * @param settings those of a queue on a loop, by the name of the queue, which is empty
 * for one without
 * @param names the names of queues that have settings of their own, or these in lower
 * case and without anything but letters and digits, as an environment variable has them
 * @param optional the names among them that need not be those of queues
 * @param requestTimeout how long a request waits for its reply unless it says so itself
 */
public record QueueConfiguration(BiFunction<Placement, String, QueueSettings> settings, Set<String> names,
		Set<String> optional, Duration requestTimeout) {

}

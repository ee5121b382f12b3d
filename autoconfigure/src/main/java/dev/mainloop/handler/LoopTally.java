package dev.mainloop.handler;

import java.util.IdentityHashMap;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;

import dev.mainloop.EventSource;
import dev.mainloop.MainLoop;
import dev.mainloop.QueueSource;
import dev.mainloop.SourceStatistics;

/**
 * What the event sources of a loop handle between a start and a stop, and what its queues
 * still have then.
 */
final class LoopTally {

	private final MainLoop loop;

	/** How many events sources had handled before the start. */
	private final Map<SourceStatistics, Long> before = new IdentityHashMap<>();

	/** Those of the sources that are open at the stop. */
	private final Map<SourceStatistics, Long> counted = new IdentityHashMap<>();

	/**
	 * Begins to count.
	 * @param loop the loop, which is about to start
	 */
	LoopTally(MainLoop loop) {
		this.loop = loop;
		statistics().forEach((statistics) -> this.before.put(statistics, statistics.events()));
	}

	/** Notes the sources that are open, before they are closed. */
	void stopping() {
		statistics().forEach((statistics) -> this.counted.put(statistics, this.before.getOrDefault(statistics, 0L)));
	}

	private Stream<SourceStatistics> statistics() {
		return this.loop.sources().stream().map(EventSource::statistics);
	}

	/** Returns how many events the sources have handled that were open at the stop. */
	long events() {
		long events = 0;
		for (Map.Entry<SourceStatistics, Long> source : this.counted.entrySet()) {
			events += source.getKey().events() - source.getValue();
		}
		return events;
	}

	/** Returns how many messages are left, by the queues that have any. */
	Map<String, Integer> messages() {
		Map<String, Integer> messages = new TreeMap<>();
		for (QueueSource<?> queue : this.loop.queues()) {
			int size = queue.size();
			if (size > 0) {
				messages.merge(queue.toString(), size, Integer::sum);
			}
		}
		return messages;
	}

}

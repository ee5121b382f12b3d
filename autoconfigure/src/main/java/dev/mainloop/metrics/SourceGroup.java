package dev.mainloop.metrics;

import java.util.HashSet;
import java.util.Set;
import java.util.function.ToLongFunction;

import dev.mainloop.EventSource;
import dev.mainloop.QueueSource;

/**
 * Event sources that are shown as one: those that are open, and what those had counted
 * that are not any more. May be used by any thread.
 */
final class SourceGroup {

	private Set<EventSource> open = Set.of();

	private long eventsBefore;

	private long errorsBefore;

	private long droppedBefore;

	/**
	 * Sets which are open.
	 * @param open the sources
	 */
	synchronized void open(Set<EventSource> open) {
		Set<EventSource> closed = new HashSet<>(this.open);
		closed.removeAll(open);
		this.eventsBefore += sum(closed, SourceGroup::events);
		this.errorsBefore += sum(closed, SourceGroup::errors);
		this.droppedBefore += sum(closed, SourceGroup::dropped);
		this.open = open;
	}

	synchronized double events() {
		return this.eventsBefore + sum(this.open, SourceGroup::events);
	}

	synchronized double errors() {
		return this.errorsBefore + sum(this.open, SourceGroup::errors);
	}

	synchronized double dropped() {
		return this.droppedBefore + sum(this.open, SourceGroup::dropped);
	}

	synchronized double size() {
		return sum(this.open, (source) -> (source instanceof QueueSource<?> queue) ? queue.size() : 0);
	}

	synchronized double capacity() {
		return sum(this.open, (source) -> (source instanceof QueueSource<?> queue) ? queue.capacity() : 0);
	}

	private static long events(EventSource source) {
		return source.statistics().events();
	}

	private static long errors(EventSource source) {
		return source.statistics().errors();
	}

	private static long dropped(EventSource source) {
		return (source instanceof QueueSource<?> queue) ? queue.dropped() : 0;
	}

	private static long sum(Set<EventSource> sources, ToLongFunction<EventSource> number) {
		return sources.stream().mapToLong(number).sum();
	}

}

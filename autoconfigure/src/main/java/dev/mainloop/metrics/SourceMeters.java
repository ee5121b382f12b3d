package dev.mainloop.metrics;

import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.locks.ReentrantLock;

import dev.mainloop.EventSource;
import dev.mainloop.MainLoop;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.binder.BaseUnits;

/**
 * The meters of a loop's event sources in one registry. Those with the same description
 * share them, and they stay when their sources are closed. There are meters of their own
 * for so many descriptions, and one for all others, as a loop may have a source for each
 * of its clients.
 */
final class SourceMeters {

	/** As many sources of a kind have meters of their own. */
	static final int MOST = 100;

	/** The name that all others share. */
	static final String OTHER = "other";

	private static final long PAUSE_NANOS = Duration.ofSeconds(1).toNanos();

	private final MainLoop loop;

	private final MeterRegistry registry;

	private final Tags tags;

	private final ReentrantLock lock = new ReentrantLock();

	/** Guarded by the lock. */
	private final Map<EventSource.Kind, Map<String, SourceGroup>> groups = new HashMap<>();

	/** When the sources were looked at. */
	private volatile long refreshedAt;

	SourceMeters(MainLoop loop, MeterRegistry registry, Tags tags) {
		this.loop = loop;
		this.registry = registry;
		this.tags = tags;
	}

	/**
	 * Takes up the sources that are open now, unless that was done just before or is done
	 * by another thread, which this one does not wait for: it may have locked the
	 * registry.
	 */
	void refreshIfDue() {
		if (System.nanoTime() - this.refreshedAt >= PAUSE_NANOS && this.lock.tryLock()) {
			try {
				update();
			}
			finally {
				this.lock.unlock();
			}
		}
	}

	/** Takes up the sources that are open now. */
	void refresh() {
		this.lock.lock();
		try {
			update();
		}
		finally {
			this.lock.unlock();
		}
	}

	private void update() {
		this.refreshedAt = System.nanoTime();
		Map<SourceGroup, Set<EventSource>> open = new HashMap<>();
		for (EventSource source : this.loop.sources()) {
			open.computeIfAbsent(group(source), (group) -> new HashSet<>()).add(source);
		}
		this.groups.values()
			.forEach((ofKind) -> ofKind.values().forEach((group) -> group.open(open.getOrDefault(group, Set.of()))));
	}

	private SourceGroup group(EventSource source) {
		Map<String, SourceGroup> ofKind = this.groups.computeIfAbsent(source.kind(), (kind) -> new HashMap<>());
		String name = source.description();
		if (!ofKind.containsKey(name) && ofKind.size() >= MOST) {
			name = OTHER;
		}
		return ofKind.computeIfAbsent(name, (added) -> register(source.kind(), added));
	}

	private SourceGroup register(EventSource.Kind kind, String name) {
		SourceGroup group = new SourceGroup();
		Tags source = this.tags.and("source", name, "kind", kind.toString());
		FunctionCounter.builder("mainloop.events", group, SourceGroup::events)
			.description("Events that handlers were called with")
			.baseUnit(BaseUnits.EVENTS)
			.tags(source)
			.register(this.registry);
		FunctionCounter.builder("mainloop.errors", group, SourceGroup::errors)
			.description("Calls of handlers that have failed")
			.tags(source)
			.register(this.registry);
		if (kind == EventSource.Kind.QUEUE) {
			registerQueue(group, this.tags.and("queue", name));
		}
		return group;
	}

	private void registerQueue(SourceGroup group, Tags queue) {
		Gauge.builder("mainloop.queue.size", group, SourceGroup::size)
			.description("Messages that wait")
			.baseUnit(BaseUnits.MESSAGES)
			.tags(queue)
			.register(this.registry);
		Gauge.builder("mainloop.queue.capacity", group, SourceGroup::capacity)
			.description("Messages that can wait")
			.baseUnit(BaseUnits.MESSAGES)
			.tags(queue)
			.register(this.registry);
		FunctionCounter.builder("mainloop.queue.dropped", group, SourceGroup::dropped)
			.description("Messages that were dropped, as the queue was full")
			.baseUnit(BaseUnits.MESSAGES)
			.tags(queue)
			.register(this.registry);
	}

}

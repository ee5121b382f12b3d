package dev.mainloop.metrics;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.ToDoubleFunction;

import dev.mainloop.LoopStatistics;
import dev.mainloop.MainLoop;
import dev.mainloop.MainLoopState;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import org.jspecify.annotations.Nullable;

/**
 * The meters of one loop and its event sources. Sources that were opened since are taken
 * up when a meter of the loop is read.
 */
final class LoopMeters {

	private static final String SECONDS = "seconds";

	private static final double NANOS_PER_SECOND = Duration.ofSeconds(1).toNanos();

	private final MainLoop loop;

	private final Tags tags;

	/** Those of each registry. */
	private final List<SourceMeters> sources = new CopyOnWriteArrayList<>();

	/**
	 * Creates the meters of a loop.
	 * @param loop the loop
	 * @param tags what they are all to be tagged with
	 */
	LoopMeters(MainLoop loop, Tags tags) {
		this.loop = loop;
		this.tags = tags;
	}

	void bindTo(MeterRegistry registry) {
		count(registry, "iterations", null, "How often the loop has looked for events", LoopStatistics::iterations);
		count(registry, "wakeups", null, "How often the loop has waited for events and was woken",
				LoopStatistics::wakeUps);
		count(registry, "busy", SECONDS, "Time in which the loop has called handlers and done its own work",
				(statistics) -> seconds(statistics.busy()));
		count(registry, "idle", SECONDS, "Time in which the loop has waited for events",
				(statistics) -> seconds(statistics.idle()));
		for (MainLoopState state : MainLoopState.values()) {
			Gauge.builder("mainloop.state", this, (metrics) -> (metrics.loop().state() == state) ? 1 : 0)
				.description("Whether the loop is in a state: 1 if it is, and 0 otherwise")
				.tags(this.tags)
				.tag("state", state.toString())
				.register(registry);
		}
		Gauge.builder("mainloop.sources.disabled", this, (metrics) -> metrics.loop().disabledSources().size())
			.description("Event sources that are disabled, as their handlers failed too often")
			.baseUnit("sources")
			.tags(this.tags)
			.register(registry);
		SourceMeters meters = new SourceMeters(this.loop, registry, this.tags);
		this.sources.add(meters);
		meters.refresh();
	}

	private void count(MeterRegistry registry, String name, @Nullable String unit, String description,
			ToDoubleFunction<LoopStatistics> value) {
		FunctionCounter.builder("mainloop." + name, this, (metrics) -> value.applyAsDouble(metrics.loop().statistics()))
			.description(description)
			.baseUnit(unit)
			.tags(this.tags)
			.register(registry);
	}

	private static double seconds(Duration duration) {
		return duration.toNanos() / NANOS_PER_SECOND;
	}

	/** Returns the loop for a meter that is read, with which others are, too. */
	private MainLoop loop() {
		this.sources.forEach(SourceMeters::refreshIfDue);
		return this.loop;
	}

	/** Takes up the sources that are open now. */
	void refresh() {
		this.sources.forEach(SourceMeters::refresh);
	}

}

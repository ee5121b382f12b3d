package dev.mainloop.pulse;

import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.Comparator;
import java.util.List;

import dev.mainloop.DurationStatistics;
import dev.mainloop.EventQueue;
import dev.mainloop.EventSource;
import dev.mainloop.LoopStatistics;
import dev.mainloop.MainLoop;
import dev.mainloop.annotation.EventHandler;
import dev.mainloop.annotation.OnTimer;

/**
 * Takes samples of the main loop itself, from the numbers that it counts anyway.
 */
@EventHandler
class LoopSampler {

	private static final int SLOWEST = 8;

	private final MainLoop loop;

	private final PageFeed feed;

	private final EventQueue<LoopSample> samples;

	private Duration busy = Duration.ZERO;

	private Duration idle = Duration.ZERO;

	private Duration waited = Duration.ZERO;

	private long waits;

	LoopSampler(MainLoop loop, PageFeed feed, EventQueue<LoopSample> samples) {
		this.loop = loop;
		this.feed = feed;
		this.samples = samples;
	}

	@OnTimer(every = "${pulse.sample-every}")
	void sample() {
		this.samples.send(new LoopSample(this.loop.now().truncatedTo(ChronoUnit.MILLIS), takeBusy(), takeLag(),
				handlers(), queues(), this.feed.open(), this.feed.dropped()));
	}

	private double takeBusy() {
		LoopStatistics statistics = this.loop.statistics();
		Duration busyBefore = this.busy;
		Duration idleBefore = this.idle;
		this.busy = statistics.busy();
		this.idle = statistics.idle();
		long busyNanos = this.busy.minus(busyBefore).toNanos();
		return Proc.percent(busyNanos, busyNanos + this.idle.minus(idleBefore).toNanos());
	}

	private double takeLag() {
		DurationStatistics lag = this.loop.statistics().lag();
		Duration waitedBefore = this.waited;
		long waitsBefore = this.waits;
		this.waited = lag.total();
		this.waits = lag.count();
		return millis(this.waited.minus(waitedBefore).dividedBy(Math.max(1, this.waits - waitsBefore)));
	}

	private List<LoopSample.Handler> handlers() {
		return this.loop.sources()
			.stream()
			.filter((source) -> source.statistics().events() > 0)
			.map(LoopSampler::handler)
			.sorted(Comparator.comparingDouble(LoopSample.Handler::longest).reversed())
			.limit(SLOWEST)
			.toList();
	}

	private static LoopSample.Handler handler(EventSource source) {
		DurationStatistics time = source.statistics().time();
		return new LoopSample.Handler(source.description(), source.statistics().events(), millis(time.mean()),
				millis(time.max()));
	}

	private List<LoopSample.Queue> queues() {
		return this.loop.queues()
			.stream()
			.map((queue) -> new LoopSample.Queue(queue.description(), queue.size(), queue.capacity(), queue.dropped()))
			.toList();
	}

	private static double millis(Duration duration) {
		return Math.round(duration.toNanos() / 1e3) / 1e3;
	}

}

package dev.mainloop.metrics;

import java.time.Duration;
import java.util.concurrent.TimeUnit;

import dev.mainloop.ErrorPolicy;
import dev.mainloop.EventSource;
import dev.mainloop.MainLoop;
import dev.mainloop.Overflow;
import dev.mainloop.QueueSource;
import dev.mainloop.fd.EventFd;
import dev.mainloop.multiplexer.Readiness;
import dev.mainloop.testing.LinuxTest;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.search.RequiredSearch;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

@LinuxTest
class MainLoopMetricsTests {

	private static final Duration LONG = Duration.ofHours(1);

	private final MainLoop loop = MainLoop.builder().clock(this::now).build();

	private final SimpleMeterRegistry registry = new SimpleMeterRegistry();

	private final MainLoopMetrics metrics = new MainLoopMetrics(this.loop, Tags.of("loop", "first"));

	private long now;

	@AfterEach
	void close() {
		this.loop.close();
	}

	private long now() {
		return this.now;
	}

	@Test
	void loopShouldBeCounted() {
		this.metrics.bindTo(this.registry);
		this.loop.queue("queue", 4, (message) -> this.now += TimeUnit.SECONDS.toNanos(3)).send("message");
		this.loop.runOnce();
		this.loop.runOnce();
		assertThat(counter("mainloop.iterations")).isEqualTo(2);
		assertThat(counter("mainloop.wakeups")).isEqualTo(this.loop.statistics().wakeUps());
		assertThat(counter("mainloop.busy")).isEqualTo(3);
		assertThat(counter("mainloop.idle")).isZero();
		assertThat(this.registry.getMeters()).extracting((meter) -> meter.getId().getTag("loop")).containsOnly("first");
	}

	@Test
	void presentStateShouldBeOne() {
		this.metrics.bindTo(this.registry);
		assertThat(gauge("mainloop.state", "state", "new")).isEqualTo(1);
		this.loop.close();
		assertThat(gauge("mainloop.state", "state", "new")).isZero();
		assertThat(gauge("mainloop.state", "state", "closed")).isEqualTo(1);
	}

	@Test
	void disabledSourcesShouldBeCounted() {
		try (MainLoop failing = MainLoop.builder().errorPolicy(ErrorPolicy.DISABLE, 1).build()) {
			MainLoopMetrics metrics = new MainLoopMetrics(failing, Tags.empty());
			metrics.bindTo(this.registry);
			failing.queue("queue", 4, (message) -> {
				throw new IllegalStateException("expected by the test");
			}).send("message");
			failing.runOnce();
			assertThat(gauge("mainloop.sources.disabled")).isEqualTo(1);
		}
	}

	@Test
	void eventsAndErrorsShouldBeCountedBySource() {
		try (EventFd fd = EventFd.open(1)) {
			this.loop.watch("fd", fd, Readiness.READABLE, (some, readiness) -> {
				fd.take();
				throw new IllegalStateException("expected by the test");
			});
			this.loop.every("timer", Duration.ZERO, LONG, (timer) -> {
			});
			this.metrics.bindTo(this.registry);
			this.loop.runOnce();
			this.loop.runOnce();
			assertThat(counter("mainloop.events", "source", "fd", "kind", "descriptor")).isEqualTo(1);
			assertThat(counter("mainloop.errors", "source", "fd", "kind", "descriptor")).isEqualTo(1);
			assertThat(counter("mainloop.events", "source", "timer", "kind", "timer")).isEqualTo(1);
			assertThat(counter("mainloop.errors", "source", "timer", "kind", "timer")).isZero();
		}
	}

	@Test
	void queuesShouldBeMeasured() {
		QueueSource<String> queue = this.loop.queue("queue", 4, Overflow.DROP_NEWEST, (message) -> {
		});
		this.metrics.bindTo(this.registry);
		for (int i = 0; i < 6; i++) {
			queue.send("message");
		}
		assertThat(gauge("mainloop.queue.size", "queue", "queue")).isEqualTo(4);
		assertThat(gauge("mainloop.queue.capacity", "queue", "queue")).isEqualTo(4);
		assertThat(counter("mainloop.queue.dropped", "queue", "queue")).isEqualTo(2);
	}

	@Test
	void sourceThatIsOpenedLaterShouldBeTakenUp() {
		this.metrics.bindTo(this.registry);
		queueWithOneEvent();
		this.metrics.refresh();
		assertThat(counter("mainloop.events", "source", "queue")).isEqualTo(1);
	}

	@Test
	void counterShouldGoOnWhenItsSourceIsOpenedAnew() {
		this.metrics.bindTo(this.registry);
		for (int opened = 1; opened <= 3; opened++) {
			EventSource source = queueWithOneEvent();
			this.metrics.refresh();
			assertThat(counter("mainloop.events", "source", "queue")).isEqualTo(opened);
			source.close();
			assertThat(counter("mainloop.events", "source", "queue")).isEqualTo(opened);
			this.metrics.refresh();
			assertThat(counter("mainloop.events", "source", "queue")).isEqualTo(opened);
			assertThat(gauge("mainloop.queue.capacity", "queue", "queue")).isZero();
		}
	}

	private EventSource queueWithOneEvent() {
		QueueSource<String> queue = this.loop.queue("queue", 4, (message) -> {
		});
		queue.send("message");
		this.loop.runOnce();
		return queue;
	}

	@Test
	void sourcesWithTheSameDescriptionShouldBeSummedUp() {
		queueWithOneEvent();
		queueWithOneEvent();
		this.metrics.bindTo(this.registry);
		assertThat(counter("mainloop.events", "source", "queue")).isEqualTo(2);
		assertThat(gauge("mainloop.queue.capacity", "queue", "queue")).isEqualTo(8);
	}

	@Test
	void manySourcesShouldShareMeters() {
		this.metrics.bindTo(this.registry);
		int most = SourceMeters.MOST + 10;
		for (int i = 0; i < most; i++) {
			this.loop.every("client " + i, Duration.ZERO, LONG, (timer) -> {
			});
		}
		this.loop.runOnce();
		for (int i = 0; i < 2; i++) {
			this.metrics.refresh();
			assertThat(this.registry.get("mainloop.events").functionCounters()).hasSize(SourceMeters.MOST + 1)
				.satisfies((counters) -> assertThat(counters.stream().mapToDouble((counter) -> counter.count()).sum())
					.isEqualTo(most));
			assertThat(counter("mainloop.events", "source", SourceMeters.OTHER, "kind", "timer")).isEqualTo(10);
		}
	}

	@Test
	void everyMeterShouldBeDescribed() {
		queueWithOneEvent();
		this.metrics.bindTo(this.registry);
		assertThat(this.registry.getMeters()).extracting(Meter::getId)
			.allSatisfy((id) -> assertThat(id.getDescription()).isNotEmpty());
	}

	private double counter(String name, String... tags) {
		return search(name, tags).functionCounter().count();
	}

	private double gauge(String name, String... tags) {
		return search(name, tags).gauge().value();
	}

	private RequiredSearch search(String name, String... tags) {
		return this.registry.get(name).tags(tags);
	}

}

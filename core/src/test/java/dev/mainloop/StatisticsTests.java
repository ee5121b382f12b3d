package dev.mainloop;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;

import dev.mainloop.fd.ClockId;
import dev.mainloop.fd.EventFd;
import dev.mainloop.fd.Signal;
import dev.mainloop.kernel.Kernel;
import dev.mainloop.multiplexer.Readiness;
import dev.mainloop.testing.LinuxTest;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * What a loop counts and measures, on a clock that handlers move.
 */
@LinuxTest
@ExtendWith(OutputCaptureExtension.class)
class StatisticsTests {

	private static final int BUDGET = 256;

	private static final int FEW = 64;

	private static final Duration SHORT = Duration.ofNanos(100);

	private static final Duration LONG = Duration.ofMillis(3);

	private final ManualClock clock = new ManualClock();

	private final MainLoop loop = MainLoop.builder().clock(this.clock).budget(BUDGET).build();

	@AfterEach
	void close() {
		this.loop.close();
	}

	@Test
	void handlersOfEveryKindShouldBeCountedAndMeasured() {
		try (EventFd fd = EventFd.open(1)) {
			Signal winch = Signal.of("WINCH");
			EventSource descriptor = this.loop.watch("descriptor", fd, Readiness.READABLE, (some, readiness) -> {
				fd.take();
				this.clock.advance(LONG);
			});
			EventSource signal = this.loop.onSignal("signal", winch, (info) -> this.clock.advance(LONG));
			EventSource timer = this.loop.every("timer", Duration.ZERO, Duration.ofHours(1),
					(some) -> this.clock.advance(LONG));
			QueueSource<String> queue = this.loop.queue("queue", 4, (message) -> this.clock.advance(LONG));
			queue.send("message");
			Kernel.kill(ProcessHandle.current().pid(), winch.number());
			while (signal.statistics().events() == 0) {
				this.loop.runOnce(Duration.ofSeconds(LoopRunner.TIMEOUT_SECONDS));
			}
			LoopRunner.runUntilIdle(this.loop);
			for (EventSource source : List.of(descriptor, signal, timer, queue)) {
				SourceStatistics statistics = source.statistics();
				assertThat(statistics.events()).as(source.description()).isEqualTo(1);
				assertThat(statistics.errors()).isZero();
				assertThat(statistics.time().count()).isEqualTo(1);
				assertThat(statistics.time().last()).isEqualTo(LONG);
				assertThat(statistics.lag().count()).isEqualTo(1);
			}
			assertThat(this.loop.sources()).containsExactly(descriptor, queue, signal, timer);
			assertThat(this.loop.sources()).extracting((source) -> source.kind().toString())
				.containsExactly("descriptor", "queue", "signal", "timer");
		}
	}

	@Test
	void errorsShouldBeCounted() {
		QueueSource<String> queue = this.loop.queue("queue", 4, (message) -> {
			throw new IllegalStateException("on purpose");
		});
		queue.send("a");
		queue.send("b");
		LoopRunner.runUntilIdle(this.loop);
		assertThat(queue.statistics().events()).isEqualTo(2);
		assertThat(queue.statistics().errors()).isEqualTo(2);
	}

	@Test
	void fewOfManyMessagesThatAreHandledFastShouldBeMeasured() {
		QueueSource<Integer> queue = this.loop.queue("queue", 1024, (message) -> this.clock.advance(SHORT));
		fill(queue);
		LoopRunner.runUntilIdle(this.loop);
		assertThat(queue.statistics().events()).isEqualTo(queue.capacity());
		assertThat(queue.statistics().time().count()).isEqualTo(queue.capacity() / BUDGET);
	}

	@Test
	void allMessagesThatTakeLongShouldBeMeasured() {
		QueueSource<Integer> queue = this.loop.queue("queue", 64, (message) -> this.clock.advance(LONG));
		fill(queue);
		LoopRunner.runUntilIdle(this.loop);
		assertThat(queue.statistics().time().count()).isEqualTo(queue.capacity());
		assertThat(queue.statistics().time().total()).isEqualTo(LONG.multipliedBy(queue.capacity()));
		assertThat(queue.statistics().time().mean()).isEqualTo(LONG);
	}

	private static void fill(QueueSource<Integer> queue) {
		for (int i = 0; i < queue.capacity(); i++) {
			queue.send(i);
		}
	}

	@Test
	void messagesThatAreMeasuredShouldBeHandledAsSuch() {
		List<Integer> measured = new ArrayList<>();
		List<Integer> others = new ArrayList<>();
		QueueSource<Integer> queue = this.loop.queue("queue", BUDGET, new MessageHandler<Integer>() {

			@Override
			public void handle(Integer message) {
				others.add(message);
			}

			@Override
			public void handleMeasured(Integer message) {
				measured.add(message);
			}

		});
		fill(queue);
		LoopRunner.runUntilIdle(this.loop);
		assertThat(measured).startsWith(0).hasSize((int) queue.statistics().time().count());
		assertThat(others).hasSize(queue.capacity() - measured.size()).doesNotContainAnyElementsOf(measured);
	}

	@Test
	void errorsOfMessagesThatAreMeasuredShouldBeCountedWithAllOthers() {
		QueueSource<Integer> queue = this.loop.queue("queue", BUDGET, (message) -> {
			throw new IllegalStateException("expected by the test");
		});
		fill(queue);
		LoopRunner.runUntilIdle(this.loop);
		assertThat(queue.statistics().time().count()).isBetween(1L, queue.capacity() - 1L);
		assertThat(queue.statistics().errors()).isEqualTo(queue.capacity());
	}

	@Test
	void lagOfMessageShouldBeTheTimeSinceItWasSent() {
		List<String> told = new ArrayList<>();
		this.loop.lagListener((source, nanos) -> told.add(source + " " + nanos));
		QueueSource<String> queue = this.loop.queue("queue", 4, (message) -> {
		});
		queue.send("first");
		this.clock.advance(LONG);
		queue.send("second");
		LoopRunner.runUntilIdle(this.loop);
		this.clock.advance(LONG);
		queue.send("third");
		this.clock.advance(SHORT);
		LoopRunner.runUntilIdle(this.loop);
		assertThat(told).containsExactly("queue " + LONG.toNanos(), "queue " + SHORT.toNanos());
		assertThat(queue.statistics().lag().count()).isEqualTo(2);
		assertThat(queue.statistics().lag().max()).isEqualTo(LONG);
		assertThat(queue.statistics().lag().last()).isEqualTo(SHORT);
		assertThat(this.loop.statistics().lag().total()).isEqualTo(LONG.plus(SHORT));
	}

	@Test
	void messageThatIsRefusedShouldNotLag() {
		QueueSource<String> queue = this.loop.queue("queue", 2, (message) -> {
		});
		queue.send("first");
		queue.send("second");
		LoopRunner.runUntilIdle(this.loop);
		this.clock.advance(LONG);
		queue.pause();
		queue.send("third");
		queue.send("fourth");
		assertThat(queue.offer("fifth")).isFalse();
		queue.resume();
		LoopRunner.runUntilIdle(this.loop);
		long counted = queue.statistics().lag().count();
		this.clock.advance(LONG);
		queue.send("sixth");
		LoopRunner.runUntilIdle(this.loop);
		assertThat(queue.statistics().lag().count()).isGreaterThan(counted);
		assertThat(queue.statistics().lag().last()).isZero();
	}

	@Test
	void lagOfTimerShouldBeHowLateItIs() {
		Timer timer = this.loop.every("timer", Duration.ofMillis(10), Duration.ofHours(1), (some) -> {
		});
		this.clock.advance(Duration.ofMillis(10).plus(SHORT));
		LoopRunner.runUntilIdle(this.loop);
		assertThat(timer.statistics().lag().last()).isEqualTo(SHORT);
		assertThat(timer.period()).isEqualTo(Duration.ofHours(1));
		assertThat(timer.untilExpiration()).isEqualTo(Duration.ofHours(1).minus(SHORT));
		timer.pause();
		assertThat(timer.untilExpiration()).isNull();
	}

	@Test
	void lagOfDescriptorShouldCountFromTheWait() {
		try (EventFd first = EventFd.open(1); EventFd second = EventFd.open(1)) {
			List<Long> lags = new ArrayList<>();
			this.loop.lagListener((source, nanos) -> lags.add(nanos));
			for (EventFd fd : List.of(first, second)) {
				this.loop.watch("fd", fd, Readiness.READABLE, (some, readiness) -> {
					fd.take();
					this.clock.advance(LONG);
				});
			}
			LoopRunner.runUntilIdle(this.loop);
			assertThat(lags).containsExactly(0L, LONG.toNanos());
		}
	}

	@Test
	void descriptorsThatAreReadyTogetherShouldBeMeasuredEach() {
		List<EventSource> sources = new ArrayList<>();
		try (EventFd first = EventFd.open(1); EventFd second = EventFd.open(1); EventFd third = EventFd.open(1)) {
			for (EventFd fd : List.of(first, second, third)) {
				Duration duration = LONG.multipliedBy(1 + sources.size());
				sources.add(this.loop.watch("fd", fd, Readiness.READABLE, (some, readiness) -> {
					fd.take();
					this.clock.advance(duration);
				}));
			}
			LoopRunner.runUntilIdle(this.loop);
			assertThat(sources).extracting((source) -> source.statistics().time().last())
				.containsExactly(LONG, LONG.multipliedBy(2), LONG.multipliedBy(3));
		}
	}

	@Test
	void timeBetweenTwoWaitsShouldBeNoHandlers() {
		try (EventFd fd = EventFd.open(1)) {
			EventSource source = this.loop.watch("fd", fd, Readiness.READABLE, (some, readiness) -> {
				fd.take();
				this.clock.advance(SHORT);
			});
			LoopRunner.runUntilIdle(this.loop);
			this.clock.advance(LONG);
			fd.add(1);
			LoopRunner.runUntilIdle(this.loop);
			assertThat(source.statistics().time().count()).isEqualTo(2);
			assertThat(source.statistics().time().max()).isEqualTo(SHORT);
		}
	}

	@Test
	void clockShouldBeReadOnceForEachOfManyDescriptorsThatAreReadyTogether() {
		int fewer = looksAtClock(FEW);
		assertThat(looksAtClock(2 * FEW) - fewer).isLessThan(FEW + FEW / 4);
	}

	private static int looksAtClock(int descriptors) {
		AtomicInteger looks = new AtomicInteger();
		try (MainLoop loop = MainLoop.builder().clock(looks::incrementAndGet).build()) {
			List<EventFd> fds = Stream.generate(() -> EventFd.open(1)).limit(descriptors).toList();
			for (EventFd fd : fds) {
				loop.watch("fd", fd, Readiness.READABLE, (some, readiness) -> fd.take());
			}
			loop.runOnce();
			fds.forEach((fd) -> fd.add(1));
			int before = looks.get();
			loop.runOnce();
			fds.forEach(EventFd::close);
			return looks.get() - before;
		}
	}

	@Test
	void listenerThatFailsShouldBeToldNoMore(CapturedOutput output) {
		List<String> told = new ArrayList<>();
		this.loop.lagListener((source, nanos) -> {
			told.add(source.description());
			throw new IllegalStateException("on purpose");
		});
		this.loop.lagListener((source, nanos) -> told.add("other"));
		QueueSource<String> queue = this.loop.queue("queue", 4, (message) -> told.add(message));
		queue.send("a");
		LoopRunner.runUntilIdle(this.loop);
		this.clock.advance(LONG);
		queue.send("b");
		LoopRunner.runUntilIdle(this.loop);
		assertThat(told).containsExactly("queue", "other", "a", "other", "b");
		assertThat(output).containsOnlyOnce("has failed, and is not called any more").contains("on purpose");
	}

	@Test
	void timersThatOnlyHaveDelayShouldShareWhatIsCounted() {
		Timer first = this.loop.after("first", Duration.ZERO, (timer) -> this.clock.advance(LONG));
		Timer second = this.loop.after("second", Duration.ZERO, (timer) -> {
		});
		Timer other = this.loop.timer("other").clock(ClockId.BOOTTIME).after(Duration.ofHours(1), (timer) -> {
		});
		LoopRunner.runUntilIdle(this.loop);
		assertThat(first.statistics()).isSameAs(second.statistics());
		assertThat(first.statistics().events()).isEqualTo(2);
		assertThat(other.statistics().events()).isZero();
		assertThat(this.loop.sources()).isEmpty();
	}

	@Test
	void sourceShouldBeListedUntilItIsClosed() {
		try (EventFd fd = EventFd.open(0)) {
			EventSource descriptor = this.loop.watch("descriptor", fd, Readiness.READABLE, (some, readiness) -> {
			});
			EventSource signal = this.loop.onSignal("signal", Signal.of("WINCH"), (info) -> {
			});
			EventSource clockSet = this.loop.onClockSet("wall clock", (change) -> {
			});
			EventSource timer = this.loop.timer("timer")
				.slack(SHORT)
				.every(Duration.ofHours(1), Duration.ofHours(1), (some) -> {
				});
			List<EventSource> all = List.of(descriptor, signal, timer, clockSet);
			all.forEach(EventSource::pause);
			assertThat(this.loop.sources()).containsExactlyElementsOf(all);
			all.forEach(EventSource::close);
			assertThat(this.loop.sources()).isEmpty();
		}
	}

	@Test
	void loopShouldTellBusyFromIdle() {
		this.loop.queue("queue", 4, (message) -> this.clock.advance(LONG)).send("message");
		this.loop.runOnce();
		this.clock.advance(LONG);
		this.loop.runOnce();
		LoopStatistics statistics = this.loop.statistics();
		assertThat(statistics.iterations()).isEqualTo(2);
		assertThat(statistics.wakeUps()).isZero();
		assertThat(statistics.busy()).isEqualTo(LONG);
		assertThat(statistics.idle()).isZero();
	}

	@Test
	void handlerThatRunsShouldCountAsBusy() {
		List<Duration> busy = new ArrayList<>();
		this.loop.queue("queue", 4, (message) -> {
			this.clock.advance(LONG);
			busy.add(this.loop.statistics().busy());
		}).send("message");
		this.loop.runOnce();
		assertThat(busy).containsExactly(LONG);
		this.clock.advance(LONG);
		assertThat(this.loop.statistics().busy()).isEqualTo(LONG);
		assertThat(this.loop.statistics().idle()).isZero();
	}

	@Test
	void waitThatGoesOnShouldCountAsIdle() throws Exception {
		try (LoopRunner runner = LoopRunner.start(this.loop)) {
			await().atMost(Duration.ofSeconds(LoopRunner.TIMEOUT_SECONDS)).until(this.loop.cycle()::isWaiting);
			this.clock.advance(LONG);
			assertThat(this.loop.statistics().idle()).isEqualTo(LONG);
			assertThat(this.loop.statistics().busy()).isZero();
			runner.stop();
			this.clock.advance(LONG);
			assertThat(this.loop.statistics().idle()).isEqualTo(LONG);
			assertThat(this.loop.statistics().busy()).isZero();
		}
	}

	@Test
	void waitShouldBeIdle() throws Exception {
		try (MainLoop real = MainLoop.builder().build(); LoopRunner runner = LoopRunner.start(real)) {
			CountDownLatch expired = new CountDownLatch(1);
			real.after("later", LONG, (timer) -> expired.countDown());
			LoopRunner.await(expired);
			runner.stop();
			assertThat(real.statistics().idle()).isPositive();
			assertThat(real.statistics().wakeUps()).isPositive().isLessThanOrEqualTo(real.statistics().iterations());
		}
	}

	@Test
	void longestShouldBeForgottenAfterSomeTime() {
		DurationStatistics durations = new DurationStatistics();
		long minute = Duration.ofMinutes(1).toNanos();
		durations.add(50, 0);
		durations.add(20, minute);
		assertThat(durations.max().toNanos()).isEqualTo(50);
		durations.add(30, 2 * minute);
		assertThat(durations.max().toNanos()).isEqualTo(30);
		durations.add(10, 10 * minute);
		assertThat(durations.max().toNanos()).isEqualTo(10);
		assertThat(durations.count()).isEqualTo(4);
		assertThat(durations.mean().toNanos()).isEqualTo(27);
	}

}

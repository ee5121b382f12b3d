package dev.mainloop;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;

import dev.mainloop.fd.EventFd;
import dev.mainloop.kernel.EveryMultiplexer;
import dev.mainloop.multiplexer.MultiplexerKind;
import dev.mainloop.multiplexer.Readiness;
import dev.mainloop.testing.LinuxTest;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

@LinuxTest
@EveryMultiplexer
class TimerTests {

	private static final Duration MILLI = Duration.ofMillis(1);

	private static final Duration SECOND = Duration.ofSeconds(1);

	private final ManualClock clock = new ManualClock();

	private final MultiplexerKind kind;

	private final MainLoop loop;

	private final List<String> order = new ArrayList<>();

	private final List<TimerTick> ticks = new ArrayList<>();

	TimerTests(MultiplexerKind kind) {
		this.kind = kind;
		this.loop = MainLoop.builder().multiplexer(kind).clock(this.clock).build();
	}

	@AfterEach
	void close() {
		this.loop.close();
	}

	@Test
	void runOnceWhenTimerIsNotDueShouldNotCallHandler() {
		after("timer", SECOND);
		advance(SECOND.minusNanos(1));
		assertThat(this.order).isEmpty();
	}

	@Test
	void runOnceWhenTimerIsDueShouldCallHandlerOnce() {
		Timer timer = after("timer", SECOND);
		advance(SECOND);
		assertThat(this.order).containsExactly("timer");
		assertThat(timer.state()).isEqualTo(EventSource.State.CLOSED);
		assertThat(this.loop.sourceCounts()).containsEntry("timers", 0);
		advance(SECOND);
		assertThat(this.order).containsExactly("timer");
	}

	@Test
	void runOnceWhenTimerWasDueAtOnceShouldTellThatThereIsSomethingToDo() {
		this.loop.execute(() -> {
			after("timer", Duration.ZERO);
			after("past", SECOND.negated());
		});
		assertThat(this.loop.runOnce()).isTrue();
		assertThat(this.order).isEmpty();
		assertThat(this.loop.runOnce()).isFalse();
		assertThat(this.order).containsExactly("timer", "past");
	}

	@Test
	void runOnceShouldCallHandlersInOrderOfDeadline() {
		after("c", MILLI.multipliedBy(3));
		after("a", MILLI);
		after("b", MILLI.multipliedBy(2));
		after("later", SECOND);
		advance(MILLI.multipliedBy(500));
		assertThat(this.order).containsExactly("a", "b", "c");
	}

	@Test
	void runOnceWhenDeadlinesAreEqualShouldCallHandlersInOrderOfCreation() {
		List<String> expected = new ArrayList<>();
		for (int i = 0; i < 200; i++) {
			after("timer " + i, MILLI);
			expected.add("timer " + i);
		}
		advance(MILLI);
		assertThat(this.order).isEqualTo(expected);
	}

	@Test
	void oneShotTimerShouldCloseAfterItsHandler() {
		AtomicReference<EventSource.State> state = new AtomicReference<>();
		Timer timer = this.loop.after("timer", MILLI, (expired) -> state.set(expired.state()));
		advance(MILLI);
		assertThat(state).hasValue(EventSource.State.ENABLED);
		assertThat(timer.state()).isEqualTo(EventSource.State.CLOSED);
	}

	@Test
	void tickShouldTellDeadlineAndLateness() {
		long start = this.clock.nanoTime();
		this.loop.after("timer", MILLI, (timer) -> this.ticks.add(timer.tick()));
		advance(SECOND);
		assertThat(this.ticks)
			.containsExactly(new TimerTick(1, start + MILLI.toNanos(), SECOND.minus(MILLI).toNanos()));
	}

	@Test
	void periodicTimerShouldNotDrift() {
		long start = this.clock.nanoTime();
		every(SECOND, SECOND);
		for (int i = 1; i <= 5; i++) {
			advance(SECOND.plus(MILLI.multipliedBy((i == 1) ? 100 : 0)));
		}
		assertThat(this.ticks).extracting(TimerTick::deadlineNanos)
			.containsExactly(at(start, 1), at(start, 2), at(start, 3), at(start, 4), at(start, 5));
		assertThat(this.ticks).allSatisfy((tick) -> {
			assertThat(tick.expirations()).isOne();
			assertThat(tick.latenessNanos()).isEqualTo(MILLI.toNanos() * 100);
		});
	}

	@Test
	void periodicTimerWhenLateShouldCountMissedTicksAndNotReplayThem() {
		long start = this.clock.nanoTime();
		every(SECOND, SECOND);
		advance(Duration.ofMillis(4500));
		advance(Duration.ofMillis(499));
		advance(Duration.ofMillis(1));
		assertThat(this.ticks).containsExactly(new TimerTick(4, at(start, 1), Duration.ofMillis(3500).toNanos()),
				new TimerTick(1, at(start, 5), 0));
	}

	@Test
	void periodicTimerWithInitialDelayShouldStartAfterIt() {
		long start = this.clock.nanoTime();
		every(MILLI, SECOND);
		advance(MILLI);
		advance(SECOND);
		assertThat(this.ticks).extracting((tick) -> tick.deadlineNanos() - start)
			.containsExactly(MILLI.toNanos(), MILLI.plus(SECOND).toNanos());
	}

	@Test
	void periodicTimerWhenClosedByItsHandlerShouldEnd() {
		this.loop.every("timer", MILLI, MILLI, (timer) -> {
			this.order.add("call");
			if (this.order.size() == 2) {
				timer.close();
			}
		});
		for (int i = 0; i < 5; i++) {
			advance(MILLI);
		}
		assertThat(this.order).hasSize(2);
		assertThat(this.loop.sourceCounts()).containsEntry("timers", 0);
	}

	@Test
	void closeByHandlerOfTimerDueAtSameTimeShouldPreventCall() {
		Timer[] timers = new Timer[2];
		timers[0] = this.loop.after("first", MILLI, (timer) -> {
			this.order.add("first");
			timers[1].close();
		});
		timers[1] = after("second", MILLI);
		advance(SECOND);
		assertThat(this.order).containsExactly("first");
	}

	@Test
	void pauseByHandlerOfTimerDueAtSameTimeShouldPutCallOffUntilResume() {
		Timer[] timers = new Timer[2];
		timers[0] = this.loop.after("first", MILLI, (timer) -> {
			this.order.add("first");
			timers[1].pause();
		});
		timers[1] = after("second", MILLI);
		advance(SECOND);
		assertThat(this.order).containsExactly("first");
		timers[1].resume();
		LoopRunner.runUntilIdle(this.loop);
		assertThat(this.order).containsExactly("first", "second");
	}

	@Test
	void oneShotTimerWhenResumedOverdueShouldExpireAtOnce() {
		Timer timer = after("timer", MILLI);
		timer.pause();
		advance(SECOND);
		assertThat(this.order).isEmpty();
		timer.resume();
		LoopRunner.runUntilIdle(this.loop);
		assertThat(this.order).containsExactly("timer");
	}

	@Test
	void oneShotTimerWhenResumedEarlyShouldExpireAtItsDeadline() {
		Timer timer = after("timer", SECOND);
		timer.pause();
		advance(MILLI);
		timer.resume();
		advance(SECOND.minus(MILLI).minusNanos(1));
		assertThat(this.order).isEmpty();
		advance(Duration.ofNanos(1));
		assertThat(this.order).containsExactly("timer");
	}

	@Test
	void periodicTimerWhenResumedShouldGoOnWithNextExpirationDueAndCountNone() {
		long start = this.clock.nanoTime();
		Timer timer = every(SECOND, SECOND);
		advance(SECOND);
		timer.pause();
		advance(Duration.ofMillis(2500));
		timer.resume();
		LoopRunner.runUntilIdle(this.loop);
		assertThat(this.ticks).hasSize(1);
		advance(Duration.ofMillis(500));
		assertThat(this.ticks).hasSize(2).last().isEqualTo(new TimerTick(1, at(start, 4), 0));
	}

	@Test
	void pauseByAnotherThreadAndResumeByHandlerShouldLeaveTimerEnabled() {
		Timer timer = every(SECOND, SECOND);
		LoopRunner.runUntilIdle(this.loop);
		this.loop.execute(timer::resume);
		timer.pause();
		LoopRunner.runUntilIdle(this.loop);
		assertThat(timer.state()).isEqualTo(EventSource.State.ENABLED);
		advance(SECOND);
		assertThat(this.ticks).hasSize(1);
	}

	@Test
	void resumeByHandlerOfOverdueTimerShouldKeepOrderOfOthers() {
		Timer timer = every(MILLI, MILLI.multipliedBy(10));
		for (int i = 2; i < 20; i++) {
			after("timer " + i, MILLI.multipliedBy(i));
		}
		LoopRunner.runUntilIdle(this.loop);
		this.loop.execute(() -> {
			this.clock.advance(MILLI.multipliedBy(5));
			timer.resume();
		});
		timer.pause();
		LoopRunner.runUntilIdle(this.loop);
		assertThat(this.order).containsExactly("timer 2", "timer 3", "timer 4", "timer 5");
		assertThat(this.ticks).isEmpty();
		advance(MILLI.multipliedBy(6));
		assertThat(this.ticks).hasSize(1);
		assertThat(this.order).hasSize(10).last().isEqualTo("timer 11");
	}

	@Test
	void resumeByAnotherThreadAndPauseByHandlerShouldLeaveTimerPaused() {
		Timer timer = every(SECOND, SECOND);
		timer.pause();
		LoopRunner.runUntilIdle(this.loop);
		this.loop.execute(timer::pause);
		timer.resume();
		LoopRunner.runUntilIdle(this.loop);
		assertThat(timer.state()).isEqualTo(EventSource.State.PAUSED);
		assertThat(this.loop.sourceCounts()).containsEntry("timers", 0);
		advance(SECOND);
		assertThat(this.ticks).isEmpty();
	}

	@Test
	void rescheduleToLaterTimeByAnotherThreadWhileLoopIsBusyShouldPreventEarlierCall() {
		Timer timer = after("timer", MILLI.multipliedBy(50));
		whileBusy(() -> {
			this.clock.advance(MILLI.multipliedBy(41));
			LoopRunner.onAnotherThread(() -> timer.rescheduleAfter(MILLI.multipliedBy(500)));
			this.clock.advance(MILLI.multipliedBy(96));
		});
		assertThat(this.order).isEmpty();
		assertThat(timer.state()).isEqualTo(EventSource.State.ENABLED);
		advance(MILLI.multipliedBy(404).minusNanos(1));
		assertThat(this.order).isEmpty();
		advance(Duration.ofNanos(1));
		advance(SECOND);
		assertThat(this.order).containsExactly("timer");
	}

	@Test
	void rescheduleToEarlierTimeByAnotherThreadWhileLoopIsBusyShouldBeHandledInNextIteration() {
		Timer timer = after("timer", SECOND);
		whileBusy(() -> {
			LoopRunner.onAnotherThread(() -> timer.rescheduleAfter(MILLI));
			this.clock.advance(MILLI);
		});
		this.loop.runOnce();
		assertThat(this.order).containsExactly("timer");
	}

	@Test
	void rescheduleBackAndForthByAnotherThreadShouldExpireAtLastTime() {
		Timer timer = after("timer", MILLI.multipliedBy(50));
		whileBusy(() -> LoopRunner.onAnotherThread(() -> {
			timer.rescheduleAfter(MILLI);
			timer.rescheduleAfter(MILLI.multipliedBy(500));
			timer.rescheduleAfter(MILLI.multipliedBy(20));
			timer.rescheduleAfter(MILLI.multipliedBy(30));
		}));
		advance(MILLI.multipliedBy(30).minusNanos(1));
		assertThat(this.order).isEmpty();
		advance(Duration.ofNanos(1));
		assertThat(this.order).containsExactly("timer");
	}

	@Test
	void pauseAndResumeByAnotherThreadWhileLoopIsBusyShouldNotCountWhatFellInTheMeantime() {
		long start = this.clock.nanoTime();
		Timer timer = every(MILLI.multipliedBy(10), MILLI.multipliedBy(10));
		whileBusy(() -> {
			this.clock.advance(MILLI.multipliedBy(8));
			LoopRunner.onAnotherThread(timer::pause);
			this.clock.advance(MILLI.multipliedBy(80));
			LoopRunner.onAnotherThread(timer::resume);
		});
		assertThat(this.ticks).isEmpty();
		advance(MILLI.multipliedBy(2));
		assertThat(this.ticks).containsExactly(new TimerTick(1, start + MILLI.toNanos() * 90, 0));
	}

	@Test
	void pauseByAnotherThreadWhileLoopIsBusyShouldPreventCallOfTimerThatIsDue() {
		Timer timer = after("timer", MILLI);
		whileBusy(() -> {
			this.clock.advance(SECOND);
			LoopRunner.onAnotherThread(timer::pause);
		});
		LoopRunner.runUntilIdle(this.loop);
		assertThat(this.order).isEmpty();
		timer.resume();
		LoopRunner.runUntilIdle(this.loop);
		assertThat(this.order).containsExactly("timer");
	}

	@Test
	void rescheduleByAnotherThreadWhileHandlerRunsShouldCallItAgain() {
		Timer timer = this.loop.after("timer", MILLI, (expired) -> {
			this.order.add(expired.description());
			if (this.order.size() == 1) {
				LoopRunner.onAnotherThread(() -> expired.rescheduleAfter(SECOND));
			}
		});
		advance(MILLI);
		assertThat(timer.state()).isEqualTo(EventSource.State.ENABLED);
		assertThat(this.loop.sourceCounts()).containsEntry("timers", 1);
		advance(SECOND.minusNanos(1));
		assertThat(this.order).hasSize(1);
		advance(Duration.ofNanos(1));
		assertThat(this.order).hasSize(2);
		assertThat(timer.state()).isEqualTo(EventSource.State.CLOSED);
	}

	@Test
	void rescheduleByAnotherThreadAtTheEndOfTheHandlerShouldBeServedOrRefused() throws Exception {
		Semaphore expired = new Semaphore(0);
		try (MainLoop realtime = MainLoop.builder().multiplexer(this.kind).build();
				LoopRunner runner = LoopRunner.start(realtime)) {
			for (int round = 0; round < 3000; round++) {
				CountDownLatch begun = new CountDownLatch(1);
				Timer timer = realtime.after("timer", Duration.ZERO, (some) -> {
					begun.countDown();
					expired.release();
				});
				LoopRunner.await(begun);
				for (int spin = round % 64; spin > 0; spin--) {
					Thread.onSpinWait();
				}
				int expected = 1;
				try {
					timer.rescheduleAfter(Duration.ZERO);
					expected++;
				}
				catch (IllegalStateException ex) {
					assertThat(ex).hasMessage("The timer 'timer' is closed");
				}
				assertThat(expired.tryAcquire(expected, LoopRunner.TIMEOUT_SECONDS, TimeUnit.SECONDS))
					.as("%d calls in round %d", expected, round)
					.isTrue();
			}
			runner.stop();
			assertThat(expired.availablePermits()).isZero();
		}
	}

	@Test
	void timeoutThatIsMovedLaterAgainAndAgainShouldExpireOnceAndCostNoControl() {
		Timer timer = after("timer", SECOND);
		LoopRunner.runUntilIdle(this.loop);
		whileBusy(() -> LoopRunner.onAnotherThread(() -> {
			for (int i = 0; i < 1_000_000; i++) {
				this.clock.advance(Duration.ofNanos(10_000));
				timer.rescheduleAfter(SECOND);
				assertThat(timer.isClaimed()).isFalse();
			}
		}));
		assertThat(this.order).isEmpty();
		advance(SECOND.minusNanos(1));
		assertThat(this.order).isEmpty();
		advance(Duration.ofNanos(1));
		advance(SECOND);
		assertThat(this.order).containsExactly("timer");
	}

	@Test
	void handlerThatSchedulesForNowShouldNotKeepIterationFromEnding() {
		try (MainLoop limited = MainLoop.builder().multiplexer(this.kind).clock(this.clock).budget(4).build()) {
			limited.after("start", Duration.ZERO, (timer) -> callAgain(limited, timer));
			assertThat(limited.runOnce()).isTrue();
			assertThat(this.order).hasSize(4);
			assertThat(limited.runOnce()).isTrue();
			assertThat(this.order).hasSize(8);
		}
	}

	private void callAgain(MainLoop limited, Timer expired) {
		this.order.add(expired.description());
		limited.after("again", Duration.ZERO, (timer) -> callAgain(limited, timer));
	}

	@Test
	void timersWithLongestDelaysShouldNotExpire() {
		after("nanos", Duration.ofNanos(Long.MAX_VALUE));
		after("seconds", Duration.ofSeconds(Long.MAX_VALUE));
		after("negative", Duration.ofSeconds(Long.MIN_VALUE));
		every(Duration.ZERO, Duration.ofSeconds(Long.MAX_VALUE));
		after("soon", MILLI);
		advance(Duration.ofDays(365));
		advance(Duration.ofDays(365));
		assertThat(this.order).containsExactly("negative", "soon");
		assertThat(this.ticks).hasSize(1);
	}

	@Test
	void everyWhenPeriodIsNotPositiveShouldThrow() {
		assertThatIllegalArgumentException().isThrownBy(() -> every(SECOND, Duration.ZERO))
			.withMessageContaining("'period'");
		assertThatIllegalArgumentException().isThrownBy(() -> every(SECOND, SECOND.negated()))
			.withMessageContaining("'period'");
	}

	@Test
	void runWithRealClockShouldWakeForTimerAndNotEarly() throws Exception {
		try (MainLoop realtime = MainLoop.builder().multiplexer(this.kind).build();
				LoopRunner runner = LoopRunner.start(realtime)) {
			runner.awaitIteration();
			for (long millis : new long[] { 0, 1, 20 }) {
				long start = System.nanoTime();
				CompletableFuture<Long> expired = new CompletableFuture<>();
				realtime.after("timer", Duration.ofMillis(millis), (timer) -> expired.complete(System.nanoTime()));
				assertThat(expired.get(LoopRunner.TIMEOUT_SECONDS, TimeUnit.SECONDS) - start)
					.isGreaterThanOrEqualTo(TimeUnit.MILLISECONDS.toNanos(millis));
			}
		}
	}

	@Test
	void runWithRealClockShouldRearmForEarlierTimer() throws Exception {
		try (MainLoop realtime = MainLoop.builder().multiplexer(this.kind).build();
				LoopRunner runner = LoopRunner.start(realtime)) {
			CountDownLatch expired = new CountDownLatch(1);
			Timer later = realtime.after("later", Duration.ofHours(1), (timer) -> {
			});
			runner.awaitIteration();
			realtime.after("earlier", Duration.ofMillis(5), (timer) -> expired.countDown());
			LoopRunner.await(expired);
			later.close();
			runner.awaitIteration();
			assertThat(realtime.sourceCounts()).containsEntry("timers", 0);
		}
	}

	@Test
	void runWithRealClockShouldCallPeriodicTimerAtItsPeriod() throws Exception {
		try (MainLoop realtime = MainLoop.builder().multiplexer(this.kind).build();
				LoopRunner runner = LoopRunner.start(realtime)) {
			CountDownLatch expired = new CountDownLatch(10);
			AtomicLong expirations = new AtomicLong();
			long start = System.nanoTime();
			realtime.every("beat", MILLI, MILLI, (timer) -> {
				expirations.addAndGet(timer.tick().expirations());
				expired.countDown();
			});
			LoopRunner.await(expired);
			runner.stop();
			assertThat(expirations.get()).isBetween(10L, (System.nanoTime() - start) / MILLI.toNanos());
		}
	}

	@Test
	void runOnceWithRealClockAfterTimerExpiredShouldWaitAgain() {
		try (MainLoop realtime = MainLoop.builder().multiplexer(this.kind).build()) {
			realtime.after("timer", Duration.ofNanos(1), (timer) -> this.order.add(timer.description()));
			while (this.order.isEmpty()) {
				realtime.runOnce(SECOND);
			}
			realtime.runOnce();
			long start = System.nanoTime();
			realtime.runOnce(Duration.ofMillis(5));
			assertThat(System.nanoTime() - start).isGreaterThanOrEqualTo(TimeUnit.MILLISECONDS.toNanos(5));
		}
	}

	private Timer after(String name, Duration delay) {
		return this.loop.after(name, delay, (timer) -> this.order.add(timer.description()));
	}

	private Timer every(Duration initialDelay, Duration period) {
		return this.loop.every("periodic", initialDelay, period, (timer) -> this.ticks.add(timer.tick()));
	}

	private void advance(Duration duration) {
		LoopRunner.runUntilIdle(this.loop);
		this.clock.advance(duration);
		LoopRunner.runUntilIdle(this.loop);
		this.loop.runOnce();
	}

	/**
	 * Does something in a handler that comes before the timers in its iteration, with
	 * what was registered before in place.
	 */
	private void whileBusy(Runnable action) {
		LoopRunner.runUntilIdle(this.loop);
		try (EventFd ready = EventFd.open(1)) {
			List<Runnable> actions = new ArrayList<>(List.of(action));
			this.loop.watch("busy", ready, Readiness.READABLE, (fd, readiness) -> {
				ready.take();
				actions.remove(0).run();
			});
			this.loop.runOnce();
			assertThat(actions).isEmpty();
		}
	}

	private static long at(long start, int seconds) {
		return start + SECOND.toNanos() * seconds;
	}

}

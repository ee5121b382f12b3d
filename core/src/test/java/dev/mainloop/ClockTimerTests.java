package dev.mainloop;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.function.Consumer;

import dev.mainloop.fd.ClockId;
import dev.mainloop.kernel.Capability;
import dev.mainloop.kernel.Kernel;
import dev.mainloop.kernel.ManualClocks;
import dev.mainloop.testing.LinuxTest;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

/**
 * Timers by any of the clocks, with slack, and with times and periods that change.
 */
@LinuxTest
class ClockTimerTests {

	private static final Duration MILLI = Duration.ofMillis(1);

	private static final Duration SECOND = Duration.ofSeconds(1);

	private static final Instant NOON = Instant.parse("2026-03-28T12:00:00Z");

	private final ManualClocks clocks = new ManualClocks(NOON);

	private final MainLoop loop = MainLoop.builder().clock(this.clocks).build();

	private final List<String> order = new ArrayList<>();

	private final List<TimerTick> ticks = new ArrayList<>();

	@AfterEach
	void close() {
		this.loop.close();
	}

	@ParameterizedTest
	@EnumSource(ClockId.class)
	void timerShouldExpireByItsClock(ClockId clock) {
		Capability.assumeUsable(clock);
		long start = this.clocks.nanoTime(clock);
		Timer timer = this.loop.timer("timer").clock(clock).every(SECOND, SECOND.multipliedBy(2), this::tick);
		assertThat(timer.clock()).isEqualTo(clock);
		advance(SECOND.minusNanos(1));
		assertThat(this.ticks).isEmpty();
		advance(Duration.ofNanos(1));
		advance(SECOND.multipliedBy(7));
		assertThat(this.ticks).containsExactly(new TimerTick(1, start + SECOND.toNanos(), 0),
				new TimerTick(3, start + SECOND.toNanos() * 3, SECOND.toNanos() * 5));
	}

	@Test
	void timersOfSeveralClocksShouldShareALoop() {
		Capability.WAKE_ALARM.assume();
		for (ClockId clock : ClockId.values()) {
			this.loop.timer(clock.name()).clock(clock).after(SECOND, this::call);
		}
		this.loop.after("early", MILLI, this::call);
		LoopRunner.runUntilIdle(this.loop);
		assertThat(this.loop.sourceCounts()).containsEntry("timers", 6).containsEntry("descriptors", 0);
		advance(SECOND);
		assertThat(this.order).hasSize(6).startsWith("early");
		assertThat(this.order).contains(Arrays.stream(ClockId.values()).map(Enum::name).toArray(String[]::new));
		assertThat(this.loop.sourceCounts()).containsEntry("timers", 0);
	}

	@Test
	void runShouldWakeForEachClockAndNotEarly() throws Exception {
		Capability.WAKE_ALARM.assume();
		Map<ClockId, Long> late = new EnumMap<>(ClockId.class);
		CountDownLatch expired = new CountDownLatch(ClockId.values().length);
		try (MainLoop real = MainLoop.builder().build(); LoopRunner runner = LoopRunner.start(real)) {
			for (ClockId clock : ClockId.values()) {
				long deadline = NanoClock.SYSTEM.nanoTime(clock) + Duration.ofMillis(10).toNanos();
				real.timer(clock.name()).clock(clock).after(Duration.ofMillis(10), (timer) -> {
					late.put(clock, NanoClock.SYSTEM.nanoTime(clock) - deadline);
					expired.countDown();
				});
			}
			LoopRunner.await(expired);
			runner.stop();
		}
		assertThat(late.values()).hasSize(ClockId.values().length).allMatch((nanos) -> nanos >= 0);
	}

	@Test
	void atShouldExpireAtTimeOfDay() {
		timer().clock(ClockId.REALTIME).at(NOON.plus(SECOND), this::tick);
		timer().clock(ClockId.REALTIME).at(NOON.minus(SECOND), this::call);
		LoopRunner.runUntilIdle(this.loop);
		assertThat(this.order).containsExactly("timer");
		advance(SECOND.minusNanos(1));
		assertThat(this.ticks).isEmpty();
		advance(MILLI);
		assertThat(this.ticks)
			.containsExactly(new TimerTick(1, nanos(NOON.plus(SECOND)), MILLI.minusNanos(1).toNanos()));
	}

	@Test
	void atWhenClockDoesNotTellTimeOfDayShouldThrow() {
		assertThatIllegalStateException().isThrownBy(() -> timer().at(NOON, this::call))
			.withMessage("The clock MONOTONIC does not tell the time of day: use REALTIME for 2026-03-28T12:00:00Z");
		assertThatIllegalStateException()
			.isThrownBy(() -> timer().clock(ClockId.BOOTTIME_ALARM).at(Instant.MAX, this::call));
		Timer timer = timer().after(SECOND, this::call);
		assertThatIllegalStateException().isThrownBy(() -> timer.rescheduleAt(NOON));
		assertThat(this.loop.sourceCounts()).containsEntry("timers", 1);
		advance(SECOND);
		assertThat(this.order).containsExactly("timer");
	}

	@Test
	void atWhenTimeIsExtremeShouldExpireAtOnceOrNever() {
		timer().clock(ClockId.REALTIME).at(Instant.MIN, this::call);
		Timer never = timer().clock(ClockId.REALTIME).slack(Duration.ofDays(36500)).at(Instant.MAX, this::tick);
		LoopRunner.runUntilIdle(this.loop);
		assertThat(this.order).containsExactly("timer");
		advance(Duration.ofDays(36500));
		assertThat(this.ticks).isEmpty();
		assertThat(never.state()).isEqualTo(EventSource.State.ENABLED);
	}

	@Test
	void timerOfWallClockShouldFollowIt() {
		timer().clock(ClockId.REALTIME).at(NOON.plus(SECOND), this::call);
		this.loop.after("monotonic", SECOND.multipliedBy(3), this::call);
		LoopRunner.runUntilIdle(this.loop);
		set(NOON.minus(SECOND));
		advance(SECOND);
		assertThat(this.order).isEmpty();
		set(NOON.plus(Duration.ofHours(1)));
		advance(MILLI);
		assertThat(this.order).containsExactly("timer");
		advance(SECOND.multipliedBy(2));
		assertThat(this.order).containsExactly("timer", "monotonic");
	}

	@Test
	void timersWithSlackShouldExpireTogetherAndNotEarly() {
		Duration slack = Duration.ofMillis(100);
		long start = this.clocks.nanoTime(ClockId.REALTIME);
		for (int millis : new int[] { 310, 399, 301, 400 }) {
			timer().clock(ClockId.REALTIME).slack(slack).after(Duration.ofMillis(millis), this::tick);
		}
		timer().clock(ClockId.REALTIME).after(Duration.ofMillis(320), this::call);
		advance(Duration.ofMillis(319));
		assertThat(this.order).isEmpty();
		advance(MILLI);
		assertThat(this.order).containsExactly("timer");
		advance(Duration.ofMillis(80).minusNanos(1));
		assertThat(this.ticks).isEmpty();
		advance(Duration.ofNanos(1));
		assertThat(this.ticks).hasSize(4).allSatisfy((tick) -> {
			assertThat(tick.expirations()).isOne();
			assertThat(tick.deadlineNanos() + tick.latenessNanos()).isEqualTo(start + slack.toNanos() * 4);
			assertThat(tick.latenessNanos()).isBetween(0L, slack.toNanos() - 1);
		});
	}

	@Test
	void slackShouldLeaveDeadlinesOfPeriodicTimerAsTheyAre() {
		long start = this.clocks.nanoTime();
		timer().slack(Duration.ofMillis(400)).every(SECOND, SECOND, this::tick);
		for (int i = 0; i < 700; i++) {
			advance(Duration.ofMillis(10));
		}
		assertThat(this.ticks).hasSizeBetween(5, 7);
		for (int i = 0; i < this.ticks.size(); i++) {
			TimerTick tick = this.ticks.get(i);
			assertThat(tick.expirations()).isOne();
			assertThat(tick.deadlineNanos()).isEqualTo(start + SECOND.toNanos() * (i + 1));
			assertThat(tick.latenessNanos()).isBetween(0L, Duration.ofMillis(400).toNanos() - 1);
		}
	}

	@Test
	void slackThatIsLongerThanPeriodShouldCountExpirations() {
		long start = this.clocks.nanoTime();
		timer().slack(SECOND).every(MILLI, MILLI.multipliedBy(300), this::tick);
		for (int i = 0; i < 410; i++) {
			advance(MILLI.multipliedBy(10));
		}
		assertThat(this.ticks).hasSizeBetween(3, 4);
		long expected = start + MILLI.toNanos();
		for (TimerTick tick : this.ticks) {
			assertThat(tick.deadlineNanos()).isEqualTo(expected);
			assertThat((tick.deadlineNanos() + tick.latenessNanos()) % SECOND.toNanos()).isZero();
			expected += tick.expirations() * MILLI.multipliedBy(300).toNanos();
		}
	}

	@Test
	void rescheduleByOwnHandlerShouldMoveNextExpiration() {
		long start = this.clocks.nanoTime();
		timer().every(SECOND, SECOND, (timer) -> {
			tick(timer);
			if (this.ticks.size() == 1) {
				timer.rescheduleAfter(Duration.ofMillis(1500));
			}
		});
		advance(SECOND);
		advance(Duration.ofMillis(1499));
		assertThat(this.ticks).hasSize(1);
		advance(MILLI);
		advance(SECOND);
		assertThat(this.ticks).extracting((tick) -> (tick.deadlineNanos() - start) / 1_000_000)
			.containsExactly(1000L, 2500L, 3500L);
	}

	@Test
	void oneShotTimerWhenRescheduledByItsHandlerShouldLiveOn() {
		Timer timer = timer().clock(ClockId.REALTIME).at(NOON.plus(SECOND), (expired) -> {
			call(expired);
			if (this.order.size() < 3) {
				expired.rescheduleAt(this.clocks.wallClock().plus(SECOND));
			}
		});
		advance(SECOND);
		assertThat(timer.state()).isEqualTo(EventSource.State.ENABLED);
		advance(SECOND.minusNanos(1));
		assertThat(this.order).hasSize(1);
		advance(Duration.ofNanos(1));
		assertThat(timer.state()).isEqualTo(EventSource.State.ENABLED);
		advance(SECOND);
		assertThat(this.order).hasSize(3);
		assertThat(timer.state()).isEqualTo(EventSource.State.CLOSED);
	}

	@Test
	void oneShotTimerWhenRescheduledToPastByItsHandlerShouldLetOthersRun() {
		try (MainLoop limited = MainLoop.builder().clock(this.clocks).budget(4).build()) {
			limited.after("again", Duration.ZERO, (timer) -> {
				call(timer);
				timer.rescheduleAfter(SECOND.negated());
			});
			limited.execute(() -> this.order.add("task"));
			assertThat(limited.runOnce()).isTrue();
			assertThat(this.order).containsExactly("again", "again", "again", "again", "task");
		}
	}

	@Test
	void rescheduleByOtherHandlerShouldMoveExpirationBothWays() {
		Timer later = this.loop.after("later", SECOND, this::call);
		Timer sooner = this.loop.after("sooner", Duration.ofHours(1), this::call);
		this.loop.after("mover", MILLI, (timer) -> {
			later.rescheduleAfter(Duration.ofSeconds(5));
			sooner.rescheduleAfter(SECOND);
		});
		advance(MILLI);
		advance(SECOND);
		assertThat(this.order).containsExactly("sooner");
		advance(SECOND.multipliedBy(4));
		assertThat(this.order).containsExactly("sooner", "later");
	}

	@Test
	void rescheduleByAnotherThreadShouldWakeLoop() throws Exception {
		CountDownLatch expired = new CountDownLatch(1);
		try (MainLoop real = MainLoop.builder().build(); LoopRunner runner = LoopRunner.start(real)) {
			Timer timer = real.after("timer", Duration.ofHours(1), (some) -> expired.countDown());
			runner.awaitIteration();
			timer.rescheduleAfter(MILLI);
			LoopRunner.await(expired);
		}
	}

	@Test
	void rescheduleBeforeLoopHasScheduledShouldPrevail() {
		Timer timer = timer().after(MILLI, this::call);
		timer.rescheduleAfter(SECOND);
		advance(MILLI);
		assertThat(this.order).isEmpty();
		advance(SECOND);
		assertThat(this.order).containsExactly("timer");
		assertThat(this.loop.sourceCounts()).containsEntry("timers", 0);
	}

	@Test
	void rescheduleWhilePausedShouldCountFromResume() {
		Timer timer = timer().after(MILLI, this::call);
		timer.pause();
		timer.rescheduleAfter(SECOND);
		advance(MILLI);
		timer.resume();
		advance(SECOND.minus(MILLI.multipliedBy(2)));
		assertThat(this.order).isEmpty();
		advance(MILLI);
		assertThat(this.order).containsExactly("timer");
	}

	@Test
	void rescheduleWhilePausedShouldLeaveTimerPaused() {
		Timer timer = timer().every(SECOND, SECOND, this::tick);
		timer.pause();
		timer.rescheduleAfter(Duration.ofMillis(300));
		advance(Duration.ofMillis(1500));
		assertThat(this.ticks).isEmpty();
		timer.resume();
		advance(SECOND);
		assertThat(this.ticks).hasSize(1);
		assertThat(this.ticks.get(0).expirations()).isOne();
		assertThat(this.ticks.get(0).latenessNanos()).isEqualTo(Duration.ofMillis(200).toNanos());
	}

	@Test
	void pauseAndRescheduleByOwnHandlerShouldKeepOneShotTimer() {
		Timer timer = timer().after(MILLI, (expired) -> {
			call(expired);
			expired.pause();
			if (this.order.size() == 1) {
				expired.rescheduleAfter(MILLI);
			}
		});
		advance(SECOND);
		advance(SECOND);
		assertThat(this.order).hasSize(1);
		assertThat(timer.state()).isEqualTo(EventSource.State.PAUSED);
		timer.resume();
		advance(Duration.ZERO);
		assertThat(this.order).hasSize(2);
		assertThat(timer.state()).isEqualTo(EventSource.State.CLOSED);
	}

	@Test
	void rescheduleWhenClosedShouldThrow() {
		Timer timer = timer().clock(ClockId.REALTIME).every(SECOND, SECOND, this::tick);
		timer.close();
		for (Consumer<Timer> change : List.<Consumer<Timer>>of((some) -> some.rescheduleAfter(SECOND),
				(some) -> some.rescheduleAt(NOON), (some) -> some.period(SECOND))) {
			assertThatIllegalStateException().isThrownBy(() -> change.accept(timer))
				.withMessage("The timer 'timer' is closed");
		}
		advance(SECOND);
		assertThat(this.ticks).isEmpty();
		assertThat(this.loop.sourceCounts()).containsEntry("timers", 0);
	}

	@Test
	void closeByOwnHandlerAfterRescheduleShouldEndTimer() {
		timer().after(MILLI, (timer) -> {
			call(timer);
			timer.rescheduleAfter(MILLI);
			timer.close();
		});
		advance(SECOND);
		advance(SECOND);
		assertThat(this.order).hasSize(1);
		assertThat(this.loop.sourceCounts()).containsEntry("timers", 0);
	}

	@Test
	void periodWhenChangedByOwnHandlerShouldCountFromNextExpiration() {
		long start = this.clocks.nanoTime();
		timer().every(SECOND, SECOND, (timer) -> {
			tick(timer);
			timer.period(Duration.ofSeconds(3));
		});
		for (int i = 0; i < 10; i++) {
			advance(SECOND);
		}
		assertThat(this.ticks).extracting((tick) -> (tick.deadlineNanos() - start) / 1_000_000)
			.containsExactly(1000L, 2000L, 5000L, 8000L);
	}

	@Test
	void periodWhenChangedByAnotherShouldCountFromNextExpiration() {
		Timer timer = timer().every(SECOND, SECOND, this::tick);
		timer.period(Duration.ofMillis(250));
		advance(SECOND.minusNanos(1));
		assertThat(this.ticks).isEmpty();
		advance(Duration.ofMillis(750));
		advance(Duration.ofMillis(250));
		assertThat(this.ticks).extracting(TimerTick::expirations).containsExactly(3L, 1L);
		assertThatIllegalArgumentException().isThrownBy(() -> timer.period(Duration.ZERO))
			.withMessageContaining("'period' must be more than zero but is PT0S");
	}

	@Test
	void periodWhenTimerExpiresOnceShouldThrow() {
		Timer timer = timer().after(SECOND, this::call);
		assertThatIllegalStateException().isThrownBy(() -> timer.period(SECOND))
			.withMessage("The timer 'timer' expires once and has no period: reschedule it, or make one with 'every'");
		advance(SECOND);
		assertThat(timer.state()).isEqualTo(EventSource.State.CLOSED);
	}

	@Test
	void handlerThatTakesLongerThanPeriodShouldBeToldWhatItMissed() {
		timer().every(SECOND, SECOND, (timer) -> {
			tick(timer);
			if (this.ticks.size() < 3) {
				this.clocks.advance(Duration.ofMillis(2500));
			}
		});
		advance(SECOND);
		assertThat(this.ticks).extracting(TimerTick::expirations).containsExactly(1L, 2L, 3L);
		assertThat(this.ticks).extracting(TimerTick::latenessNanos)
			.containsExactly(0L, Duration.ofMillis(1500).toNanos(), Duration.ofMillis(2000).toNanos());
	}

	@Test
	void timerOfWallClockShouldSurviveThatItIsSet() throws Exception {
		Capability.SYS_TIME.assume();
		CountDownLatch expired = new CountDownLatch(20);
		try (MainLoop real = MainLoop.builder().build(); LoopRunner runner = LoopRunner.start(real)) {
			real.timer("beat").clock(ClockId.REALTIME).every(MILLI, MILLI, (timer) -> {
				if (expired.getCount() % 5 == 0) {
					Kernel.setClockToItsTime();
				}
				expired.countDown();
			});
			LoopRunner.await(expired);
			runner.stop();
		}
	}

	private Timer.Builder timer() {
		return this.loop.timer("timer");
	}

	private void tick(Timer timer) {
		this.ticks.add(timer.tick());
	}

	private void call(Timer timer) {
		this.order.add(timer.description());
	}

	/** Sets the clock and has the loop look at it, as an event of the timerfd does. */
	private void set(Instant wallClock) {
		this.clocks.set(wallClock);
		this.loop.cycle().wallClock().resumed();
		this.loop.runOnce();
	}

	private void advance(Duration duration) {
		LoopRunner.runUntilIdle(this.loop);
		this.clocks.advance(duration);
		LoopRunner.runUntilIdle(this.loop);
		this.loop.runOnce();
	}

	private static long nanos(Instant time) {
		return Duration.between(Instant.EPOCH, time).toNanos();
	}

}

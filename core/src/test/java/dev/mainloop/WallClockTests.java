package dev.mainloop;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

import dev.mainloop.fd.ClockId;
import dev.mainloop.fd.EventFd;
import dev.mainloop.kernel.Capability;
import dev.mainloop.kernel.EveryMultiplexer;
import dev.mainloop.kernel.Kernel;
import dev.mainloop.kernel.ManualClocks;
import dev.mainloop.multiplexer.MultiplexerKind;
import dev.mainloop.multiplexer.Readiness;
import dev.mainloop.testing.LinuxTest;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * A wall clock that is set by hand, in either direction, and one that is far ahead.
 */
@LinuxTest
@EveryMultiplexer
class WallClockTests {

	private static final Duration SECOND = Duration.ofSeconds(1);

	private static final Duration HOUR = Duration.ofHours(1);

	private static final Instant NOON = Instant.parse("2026-03-28T12:00:00Z");

	private final ManualClocks clocks = new ManualClocks(NOON);

	private final MainLoop loop;

	private final List<Duration> steps = new ArrayList<>();

	private final List<TimerTick> ticks = new ArrayList<>();

	private final List<String> calls = new ArrayList<>();

	WallClockTests(MultiplexerKind kind) {
		this.loop = MainLoop.builder().multiplexer(kind).clock(this.clocks).build();
	}

	@AfterEach
	void close() {
		this.loop.close();
	}

	@ParameterizedTest
	@ValueSource(longs = { 3600, -3600, 1, -1 })
	void periodicTimerShouldKeepItsRhythm(long seconds) {
		every();
		pass(SECOND);
		pass(Duration.ofMillis(300));
		set(Duration.ofSeconds(seconds));
		assertThat(this.ticks).hasSize(1);
		pass(Duration.ofMillis(699));
		assertThat(this.ticks).hasSize(1);
		pass(Duration.ofMillis(1));
		pass(SECOND);
		assertThat(this.ticks).hasSize(3).allSatisfy((tick) -> {
			assertThat(tick.expirations()).isOne();
			assertThat(tick.latenessNanos()).isZero();
		});
	}

	@ParameterizedTest
	@ValueSource(longs = { 3600, -3600 })
	void periodicTimerShouldKeepItsRhythmWhenClockIsSetWhileLoopIsBusy(long seconds) {
		every();
		pass(Duration.ofMillis(300));
		whileBusy(() -> {
			this.clocks.set(this.clocks.wallClock().plusSeconds(seconds));
			this.loop.cycle().wallClock().resumed();
		});
		pass(Duration.ofMillis(699));
		assertThat(this.ticks).isEmpty();
		pass(Duration.ofMillis(1));
		for (int i = 0; i < 3; i++) {
			pass(SECOND);
		}
		assertThat(this.ticks).extracting(TimerTick::expirations).containsExactly(1L, 1L, 1L, 1L);
	}

	@ParameterizedTest
	@ValueSource(longs = { 3600, -3600 })
	void delayThatIsSetBetweenChangeOfClockAndItsEventShouldKeepItsLength(long seconds) {
		Timer moved = timer().after(HOUR.multipliedBy(3), this::tick);
		whileBusy(() -> {
			this.clocks.set(this.clocks.wallClock().plusSeconds(seconds));
			this.loop.cycle().wallClock().resumed();
			timer().after(SECOND, this::tick);
			moved.rescheduleAfter(SECOND);
		});
		pass(SECOND.minusNanos(1));
		assertThat(this.ticks).isEmpty();
		pass(Duration.ofNanos(1));
		assertThat(this.ticks).hasSize(2);
	}

	@ParameterizedTest
	@ValueSource(longs = { 3600, -3600 })
	void delayShouldKeepItsLengthAlsoWithSlackAndWhilePaused(long seconds) {
		timer().slack(SECOND).after(SECOND.multipliedBy(10), (timer) -> this.calls.add("slack"));
		Timer paused = timer().after(SECOND.multipliedBy(10), (timer) -> this.calls.add("paused"));
		paused.pause();
		pass(SECOND);
		set(Duration.ofSeconds(seconds));
		paused.resume();
		pass(SECOND.multipliedBy(9).minusNanos(1));
		assertThat(this.calls).isEmpty();
		pass(SECOND);
		assertThat(this.calls).containsExactlyInAnyOrder("slack", "paused");
	}

	@Test
	void timeOfDayShouldFollowClock() {
		Timer timer = timer().at(NOON.plus(HOUR), (some) -> this.calls.add("hour"));
		set(HOUR.minus(SECOND));
		assertThat(this.calls).isEmpty();
		set(HOUR.negated());
		pass(SECOND);
		assertThat(this.calls).isEmpty();
		set(HOUR);
		assertThat(this.calls).containsExactly("hour");
		assertThat(timer.state()).isEqualTo(EventSource.State.CLOSED);
	}

	@Test
	void sourceShouldBeToldHowFarClockWasSet() {
		listen();
		pass(SECOND);
		set(HOUR);
		pass(HOUR);
		set(Duration.ofHours(-2));
		assertThat(this.steps).containsExactly(HOUR, Duration.ofHours(-2));
	}

	@Test
	void pausedSourceShouldBeToldInSum() {
		ClockSource source = listen();
		source.pause();
		set(HOUR);
		set(HOUR);
		set(SECOND.negated());
		assertThat(this.steps).isEmpty();
		source.resume();
		this.loop.runOnce();
		this.loop.runOnce();
		assertThat(this.steps).containsExactly(Duration.ofHours(2).minus(SECOND));
	}

	@Test
	void followerShouldBeAskedBeforeAnyExpirationByTheNewTime() {
		timer().onClockSet((timer, change) -> {
			this.calls.add("asked " + change.step());
			timer.rescheduleAt(this.clocks.wallClock().plus(HOUR));
		}).at(NOON.plus(HOUR), (timer) -> this.calls.add("expired"));
		set(Duration.ofHours(5));
		assertThat(this.calls).containsExactly("asked PT5H");
		pass(HOUR);
		assertThat(this.calls).containsExactly("asked PT5H", "expired");
	}

	@Test
	void followerShouldBeAskedBeforeAnyExpirationAlsoWhenLoopIsBusy() {
		timer().onClockSet((timer, change) -> {
			this.calls.add("asked " + change.step());
			timer.rescheduleAt(this.clocks.wallClock().plus(HOUR));
		}).at(NOON.plus(HOUR), (timer) -> this.calls.add("expired"));
		whileBusy(() -> {
			this.clocks.set(NOON.plus(Duration.ofHours(5)));
			this.loop.cycle().wallClock().resumed();
		});
		this.loop.runOnce();
		assertThat(this.calls).containsExactly("asked PT5H");
	}

	@Test
	void suspensionShouldNotBeToldAsChangeOfClock() {
		Capability.SYS_TIME.assume();
		listen();
		every();
		this.loop.runOnce();
		this.clocks.suspend(HOUR);
		// Resuming cancels the timerfd, too.
		Kernel.setClockToItsTime();
		this.loop.runOnce();
		this.loop.runOnce();
		assertThat(this.steps).isEmpty();
		assertThat(this.ticks).singleElement().extracting(TimerTick::expirations).isEqualTo(3600L);
		Kernel.setClockToItsTime();
		this.loop.runOnce();
		assertThat(this.steps).containsExactly(Duration.ZERO);
	}

	@Test
	void changeOfClockDuringSuspensionShouldBeTold() {
		listen();
		this.loop.runOnce();
		this.clocks.suspend(HOUR);
		set(SECOND.multipliedBy(5));
		assertThat(this.steps).containsExactly(SECOND.multipliedBy(5));
	}

	@ParameterizedTest
	@ValueSource(ints = { 2200, 2214, 2232 })
	void clockFarAheadShouldNeitherSpinNorMakeTimersExpireEarly(int year) {
		this.clocks.set(Instant.parse(year + "-01-01T00:00:00Z"));
		this.loop.cycle().wallClock().resumed();
		timer().at(this.clocks.wallClock().plus(SECOND), this::tick);
		timer().after(SECOND, this::tick);
		timer().every(SECOND, HOUR, this::tick);
		timer().slack(HOUR).after(Duration.ofDays(30), (timer) -> this.calls.add("slack"));
		timer().at(Instant.MAX, (timer) -> this.calls.add("never"));
		timer().after(Duration.ofSeconds(Long.MAX_VALUE), (timer) -> this.calls.add("never"));
		timer().slack(Duration.ofDays(36500)).at(Instant.MAX, (timer) -> this.calls.add("never"));
		timer().slack(Duration.ofDays(36500)).after(SECOND, (timer) -> this.calls.add("never"));
		this.loop.runOnce();
		assertThat(this.loop.runOnce()).isFalse();
		pass(SECOND.minusNanos(1));
		assertThat(this.ticks).isEmpty();
		pass(Duration.ofNanos(1));
		assertThat(this.ticks).hasSize(3).allSatisfy((tick) -> assertThat(tick.latenessNanos()).isZero());
		pass(HOUR);
		assertThat(this.ticks).hasSize(4);
		pass(Duration.ofDays(31));
		assertThat(this.calls).containsExactly("slack");
		assertThat(this.loop.runOnce()).isFalse();
	}

	@ParameterizedTest
	@ValueSource(ints = { 2026, 2200, 2232 })
	void periodOfManyYearsShouldNotOverflow(int year) {
		this.clocks.set(Instant.parse(year + "-01-01T00:00:00Z"));
		this.loop.cycle().wallClock().resumed();
		this.loop.runOnce();
		Timer timer = timer().every(SECOND, Duration.ofDays(60 * 365), this::tick);
		timer.rescheduleAt(Instant.EPOCH);
		LoopRunner.runUntilIdle(this.loop);
		assertThat(this.ticks).hasSize(1);
		assertThat(this.ticks.get(0).expirations()).isPositive();
		pass(HOUR);
		assertThat(this.ticks).hasSize(1);
		timer.pause();
		timer.rescheduleAt(Instant.EPOCH);
		timer.resume();
		pass(HOUR);
		assertThat(this.ticks).hasSize(1);
	}

	private Timer.Builder timer() {
		return this.loop.timer("timer").clock(ClockId.REALTIME);
	}

	private void every() {
		timer().every(SECOND, SECOND, this::tick);
	}

	private void tick(Timer timer) {
		this.ticks.add(timer.tick());
	}

	private ClockSource listen() {
		return this.loop.onClockSet("source", (change) -> this.steps.add(change.step()));
	}

	private void pass(Duration duration) {
		LoopRunner.runUntilIdle(this.loop);
		this.clocks.advance(duration);
		LoopRunner.runUntilIdle(this.loop);
	}

	/** Sets the clock and has the loop look at it, as an event of the timerfd does. */
	private void set(Duration step) {
		LoopRunner.runUntilIdle(this.loop);
		this.clocks.set(this.clocks.wallClock().plus(step));
		this.loop.cycle().wallClock().resumed();
		this.loop.runOnce();
		LoopRunner.runUntilIdle(this.loop);
	}

	/** Does something in a handler that comes before the timers in its iteration. */
	private void whileBusy(Runnable action) {
		LoopRunner.runUntilIdle(this.loop);
		try (EventFd ready = EventFd.open(1)) {
			this.loop.watch("busy", ready, Readiness.READABLE, (fd, readiness) -> {
				ready.take();
				action.run();
			});
			this.loop.runOnce();
		}
		LoopRunner.runUntilIdle(this.loop);
	}

}

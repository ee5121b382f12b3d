package dev.mainloop.fd;

import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.TimeUnit;

import dev.mainloop.kernel.Capability;
import dev.mainloop.kernel.Kernel;
import dev.mainloop.libc.Clocks;
import dev.mainloop.multiplexer.EpollMultiplexer;
import dev.mainloop.multiplexer.Readiness;
import dev.mainloop.multiplexer.Trigger;
import dev.mainloop.testing.LinuxTest;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

@LinuxTest
class TimerFdTests {

	private static final long MILLIS_10 = TimeUnit.MILLISECONDS.toNanos(10);

	private static final long HOUR = TimeUnit.HOURS.toNanos(1);

	private final EpollMultiplexer multiplexer = EpollMultiplexer.open();

	@AfterEach
	void close() {
		this.multiplexer.close();
	}

	@Test
	void takeExpirationsWhenNotArmedShouldReturnZero() {
		try (TimerFd timerFd = open(ClockId.MONOTONIC)) {
			assertThat(timerFd.takeExpirations()).isZero();
		}
	}

	@ParameterizedTest
	@EnumSource(ClockId.class)
	void armAfterShouldExpireOnceAndNotEarly(ClockId clock) {
		try (TimerFd timerFd = open(clock)) {
			long start = System.nanoTime();
			timerFd.armAfter(MILLIS_10, 0);
			awaitReadable();
			if (clock != ClockId.REALTIME) {
				assertThat(System.nanoTime() - start).isGreaterThanOrEqualTo(MILLIS_10);
			}
			assertThat(timerFd.takeExpirations()).isOne();
			assertThat(timerFd.takeExpirations()).isZero();
			assertThat(this.multiplexer.await(0)).isZero();
		}
	}

	@Test
	void armAfterWithIntervalShouldCountExpirationsSinceLastTaken() {
		try (TimerFd timerFd = open(ClockId.MONOTONIC)) {
			long start = System.nanoTime();
			timerFd.armAfter(MILLIS_10, MILLIS_10);
			long taken = 0;
			while (taken < 5) {
				awaitReadable();
				long expirations = timerFd.takeExpirations();
				assertThat(expirations).isPositive();
				taken += expirations;
			}
			assertThat(System.nanoTime() - start).isGreaterThanOrEqualTo(taken * MILLIS_10);
		}
	}

	@Test
	void armAfterWithShortIntervalShouldCountWhatWasMissed() {
		try (TimerFd timerFd = open(ClockId.MONOTONIC)) {
			timerFd.armAfter(1, TimeUnit.MICROSECONDS.toNanos(100));
			long start = System.nanoTime();
			try (TimerFd later = TimerFd.open(ClockId.MONOTONIC); EpollMultiplexer wait = EpollMultiplexer.open()) {
				wait.add(later, Readiness.READABLE, Trigger.LEVEL, 0);
				later.armAfter(MILLIS_10, 0);
				assertThat(wait.await(-1)).isOne();
			}
			assertThat(System.nanoTime() - start).isGreaterThanOrEqualTo(MILLIS_10);
			assertThat(timerFd.takeExpirations()).isGreaterThanOrEqualTo(100);
		}
	}

	@Test
	void armAtShouldExpireAtTimeOfSystemNanoTime() {
		try (TimerFd timerFd = open(ClockId.MONOTONIC)) {
			long deadline = System.nanoTime() + MILLIS_10;
			timerFd.armAt(deadline, 0);
			awaitReadable();
			assertThat(System.nanoTime()).isGreaterThanOrEqualTo(deadline);
			assertThat(timerFd.takeExpirations()).isOne();
		}
	}

	@Test
	void armAtWhenClockIsRealtimeShouldExpireAtWallClockTime() {
		try (TimerFd timerFd = open(ClockId.REALTIME)) {
			Instant deadline = Instant.now().plus(Duration.ofMillis(10));
			timerFd.armAt(TimeUnit.SECONDS.toNanos(deadline.getEpochSecond()) + deadline.getNano(), 0);
			awaitReadable();
			assertThat(Instant.now()).isAfterOrEqualTo(deadline);
			assertThat(timerFd.takeExpirations()).isOne();
		}
	}

	@Test
	void armWhenTimeIsPastShouldExpireAtOnce() {
		try (TimerFd timerFd = open(ClockId.MONOTONIC)) {
			timerFd.armAt(System.nanoTime() - MILLIS_10, 0);
			awaitReadable();
			assertThat(timerFd.takeExpirations()).isOne();
			timerFd.armAt(-1, 0);
			awaitReadable();
			assertThat(timerFd.takeExpirations()).isOne();
			timerFd.armAfter(0, 0);
			awaitReadable();
			assertThat(timerFd.takeExpirations()).isOne();
		}
	}

	@Test
	void armAgainShouldReplaceWhatItWasArmedFor() {
		try (TimerFd timerFd = open(ClockId.MONOTONIC)) {
			timerFd.armAfter(1, 0);
			awaitReadable();
			timerFd.armAfter(HOUR, 0);
			assertThat(timerFd.takeExpirations()).isZero();
			timerFd.armAfter(1, 0);
			awaitReadable();
			assertThat(timerFd.takeExpirations()).isOne();
		}
	}

	@Test
	void disarmShouldForgetExpirations() {
		try (TimerFd timerFd = open(ClockId.MONOTONIC)) {
			timerFd.armAfter(1, 1000);
			awaitReadable();
			timerFd.disarm();
			assertThat(timerFd.takeExpirations()).isZero();
			assertThat(this.multiplexer.await(MILLIS_10)).isZero();
		}
	}

	@Test
	void armWhenIntervalIsNegativeShouldThrow() {
		try (TimerFd timerFd = open(ClockId.MONOTONIC)) {
			assertThatIllegalArgumentException().isThrownBy(() -> timerFd.armAfter(1, -1))
				.withMessageContaining("intervalNanos");
		}
	}

	@ParameterizedTest
	@EnumSource(ClockId.class)
	void armAtWithIntervalShouldCountFromItsTimeHoweverLateItIsRead(ClockId clock) {
		try (TimerFd timerFd = open(clock)) {
			long now = Clocks.nanoTime(clock.readableNumber());
			long period = Math.min(HOUR, now / 2);
			timerFd.armAt(now - period - MILLIS_10, period);
			awaitReadable();
			assertThat(timerFd.takeExpirations()).isEqualTo(2);
			assertThat(timerFd.takeExpirations()).isZero();
			assertThat(timerFd.remainingNanos()).isBetween(period / 2, period - MILLIS_10);
		}
	}

	@Test
	void remainingNanosShouldCountDownToZero() {
		try (TimerFd timerFd = open(ClockId.MONOTONIC)) {
			assertThat(timerFd.remainingNanos()).isZero();
			timerFd.armAfter(HOUR, 0);
			assertThat(timerFd.remainingNanos()).isBetween(HOUR / 2, HOUR);
			timerFd.armAfter(1, 0);
			awaitReadable();
			assertThat(timerFd.remainingNanos()).isZero();
		}
	}

	@Test
	void settingClockShouldEndTimerThatAsksForIt() {
		assumeClockCanBeSet();
		try (TimerFd timerFd = open(ClockId.REALTIME)) {
			timerFd.armAtUnlessClockIsSet(Long.MAX_VALUE);
			assertThat(timerFd.takeExpirations()).isZero();
			assertThat(this.multiplexer.await(0)).isZero();
			Kernel.setClockToItsTime();
			awaitReadable();
			assertThat(timerFd.takeExpirations()).isEqualTo(TimerFd.CLOCK_WAS_SET);
			assertThat(timerFd.takeExpirations()).isZero();
			timerFd.armAtUnlessClockIsSet(Long.MAX_VALUE);
			Kernel.setClockToItsTime();
			timerFd.armAtUnlessClockIsSet(Long.MAX_VALUE);
			assertThat(timerFd.takeExpirations()).isZero();
			Kernel.setClockToItsTime();
			awaitReadable();
			assertThat(timerFd.takeExpirations()).isEqualTo(TimerFd.CLOCK_WAS_SET);
		}
	}

	@Test
	void settingClockShouldLeaveTimerThatDoesNotAskForIt() {
		assumeClockCanBeSet();
		try (TimerFd timerFd = open(ClockId.REALTIME)) {
			timerFd.armAt(Clocks.nanoTime(ClockId.REALTIME.number()) + HOUR, 0);
			Kernel.setClockToItsTime();
			assertThat(this.multiplexer.await(0)).isZero();
			assertThat(timerFd.takeExpirations()).isZero();
			assertThat(timerFd.remainingNanos()).isBetween(HOUR / 2, HOUR);
		}
	}

	private static void assumeClockCanBeSet() {
		Capability.SYS_TIME.assume();
	}

	private TimerFd open(ClockId clock) {
		Capability.assumeUsable(clock);
		TimerFd timerFd = TimerFd.open(clock);
		this.multiplexer.add(timerFd, Readiness.READABLE, Trigger.LEVEL, 0);
		return timerFd;
	}

	private void awaitReadable() {
		assertThat(this.multiplexer.await(TimeUnit.SECONDS.toNanos(30))).isOne();
	}

}

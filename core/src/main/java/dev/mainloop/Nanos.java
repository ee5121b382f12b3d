package dev.mainloop;

import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;

import dev.mainloop.fd.ClockId;
import org.jspecify.annotations.Nullable;

/**
 * Times in nanoseconds, as the clocks of the kernel count them.
 */
final class Nanos {

	/** As good as never, and far from where the difference of two deadlines overflows. */
	private static final Duration LONGEST = Duration.ofDays(70 * 365);

	/** Beyond what Linux lets its clock be set to, and short of what 64 bits can tell. */
	private static final Instant LATEST = LocalDate.of(2261, 1, 1).atStartOfDay().toInstant(ZoneOffset.UTC);

	private static final long END = Long.MAX_VALUE - 1;

	private Nanos() {
	}

	/**
	 * Converts a delay.
	 * @param name what the caller calls it
	 * @param delay the delay
	 * @return 0 for a negative one, some decades for a longer one
	 */
	static long of(String name, Duration delay) {
		requirePresent(name, delay);
		if (delay.isNegative()) {
			return 0;
		}
		return (delay.compareTo(LONGEST) < 0) ? delay.toNanos() : LONGEST.toNanos();
	}

	/**
	 * Converts a period.
	 * @param period the period, more than zero
	 * @return the period
	 */
	static long ofPeriod(Duration period) {
		requirePresent("period", period);
		if (period.isZero() || period.isNegative()) {
			throw new IllegalArgumentException("'period' must be more than zero but is " + period);
		}
		return of("period", period);
	}

	/**
	 * Moves a time of a clock.
	 * @param time the time
	 * @param nanos how far, which may be negative
	 * @return the time then, or the end of all times where 64 bits do not suffice
	 */
	static long plus(long time, long nanos) {
		long sum = time + nanos;
		return (nanos > 0 && sum < time) ? END : Math.min(sum, END);
	}

	/**
	 * Converts a point in time.
	 * @param time the time
	 * @param clock the clock whose time it is to be
	 * @return nanoseconds since 1970, 0 for an earlier time
	 */
	static long of(Instant time, ClockId clock) {
		requirePresent("time", time);
		if (!clock.isRealTime()) {
			throw new IllegalStateException("The clock %s does not tell the time of day: use %s for %s".formatted(clock,
					ClockId.REALTIME, time));
		}
		if (time.isBefore(Instant.EPOCH)) {
			return 0;
		}
		return ChronoUnit.NANOS.between(Instant.EPOCH, time.isBefore(LATEST) ? time : LATEST);
	}

	private static void requirePresent(String name, @Nullable Object value) {
		if (value == null) {
			throw new NullPointerException("'%s' must not be null".formatted(name));
		}
	}

}

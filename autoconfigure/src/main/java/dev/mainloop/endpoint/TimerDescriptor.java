package dev.mainloop.endpoint;

import java.time.Duration;
import java.time.Instant;

import dev.mainloop.Timer;
import org.jspecify.annotations.Nullable;

/**
 * Describes when a timer expires.
 *
 * @param clock the clock that it follows
 * @param period the time from one expiration to the next, in ISO-8601, unless it expires
 * once or by a calendar
 * @param next when it expires next, in ISO-8601, unless it is paused
 * @param lateness how late that is already, in ISO-8601, unless it is paused
 */
public record TimerDescriptor(String clock, @Nullable String period, @Nullable String next, @Nullable String lateness) {

	/**
	 * Describes a timer.
	 * @param timer the timer
	 * @param left how long it is until it expires, if it will
	 * @param now the time
	 */
	static TimerDescriptor of(Timer timer, @Nullable Duration left, Instant now) {
		Duration period = timer.period();
		return new TimerDescriptor(timer.clock().name(), (period != null) ? period.toString() : null,
				(left != null) ? now.plus(left).toString() : null, (left != null) ? lateness(left).toString() : null);
	}

	private static Duration lateness(Duration left) {
		return left.isNegative() ? left.negated() : Duration.ZERO;
	}

}

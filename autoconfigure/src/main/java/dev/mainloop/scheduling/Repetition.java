package dev.mainloop.scheduling;

import java.time.Clock;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;

import dev.mainloop.Timer;
import org.jspecify.annotations.Nullable;

/**
 * Says when a task runs again.
 */
@FunctionalInterface
interface Repetition {

	/** Runs a task once. */
	Repetition ONCE = (timer, scheduled, started) -> null;

	/**
	 * Sets the timer of a task that has run, on the loop's thread.
	 * @param timer the timer, whose expiration is being handled
	 * @param scheduled when the run was due
	 * @param started when it began
	 * @return when the next one is due, or {@code null} if that was the last
	 */
	@Nullable Instant next(Timer timer, Instant scheduled, Instant started);

	static Repetition rate(Duration period) {
		return (timer, scheduled, started) -> plus(started.minusNanos(timer.tick().latenessNanos()), period,
				timer.tick().expirations());
	}

	static Repetition delay(Duration delay, Clock clock) {
		return (timer, scheduled, started) -> {
			timer.rescheduleAfter(delay);
			return plus(clock.instant(), delay, 1);
		};
	}

	/**
	 * Adds a duration some times, which may be one that stands for ever.
	 * @param time the time
	 * @param duration the duration
	 * @param times how often
	 * @return the time then
	 */
	static Instant plus(Instant time, Duration duration, long times) {
		try {
			return time.plus(duration.multipliedBy(times));
		}
		catch (ArithmeticException | DateTimeException ex) {
			return Instant.MAX;
		}
	}

}

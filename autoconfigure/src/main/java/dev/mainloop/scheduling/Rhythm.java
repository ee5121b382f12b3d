package dev.mainloop.scheduling;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;

import dev.mainloop.Timer;
import org.jspecify.annotations.Nullable;

import org.springframework.scheduling.Trigger;
import org.springframework.scheduling.support.SimpleTriggerContext;

/**
 * Says when a task runs again.
 */
@FunctionalInterface
interface Rhythm {

	/** Runs a task once. */
	Rhythm ONCE = (timer, scheduled, started) -> null;

	/**
	 * Sets the timer of a task that has run, on the loop's thread.
	 * @param timer the timer, whose expiration is being handled
	 * @param scheduled when the run was due
	 * @param started when it began
	 * @return when the next one is due, or {@code null} if that was the last
	 */
	@Nullable Instant next(Timer timer, Instant scheduled, Instant started);

	static Rhythm rate(Duration period) {
		return (timer, scheduled, started) -> scheduled.plus(period.multipliedBy(timer.tick().expirations()));
	}

	static Rhythm delay(Duration delay, Clock clock) {
		return (timer, scheduled, started) -> {
			timer.rescheduleAfter(delay);
			return clock.instant().plus(delay);
		};
	}

	static Rhythm trigger(Trigger trigger, SimpleTriggerContext context) {
		return (timer, scheduled, started) -> {
			context.update(scheduled, started, context.getClock().instant());
			Instant next = trigger.nextExecution(context);
			if (next != null) {
				timer.rescheduleAt(next);
			}
			return next;
		};
	}

}

package dev.mainloop.scheduling;

import java.time.Duration;
import java.time.Instant;

import dev.mainloop.EventSource;
import dev.mainloop.Timer;
import org.jspecify.annotations.Nullable;

import org.springframework.scheduling.Trigger;
import org.springframework.scheduling.support.CronTrigger;
import org.springframework.scheduling.support.PeriodicTrigger;
import org.springframework.scheduling.support.SimpleTriggerContext;

/**
 * Runs a task at the times of a {@link Trigger}, by a timer on the wall clock. Used with
 * the lock of the task held.
 */
final class TriggerRepetition implements Repetition {

	private final Trigger trigger;

	private final SimpleTriggerContext context;

	TriggerRepetition(Trigger trigger, SimpleTriggerContext context) {
		this.trigger = trigger;
		this.context = context;
	}

	@Nullable Instant first() {
		return this.trigger.nextExecution(this.context);
	}

	@Override
	public @Nullable Instant next(Timer timer, Instant scheduled, Instant started) {
		// A clock that was set back may show less, of which the loop is told after the
		// run.
		Instant began = later(started, scheduled);
		this.context.update(scheduled, began, later(now(), began));
		return moved(timer, this.trigger.nextExecution(this.context));
	}

	/**
	 * Sets the timer of a task that waits, as the wall clock was set, on the loop's
	 * thread. A cron expression is worked out anew from the new time, and a time that the
	 * clock was set beyond comes at once. Of any other trigger, the times of the last run
	 * become those of the new clock, so that what is left of a period or delay keeps its
	 * length.
	 * @param timer the timer
	 * @param due when the task was due
	 * @param step how far the clock was moved
	 * @return when it is due, or {@code null} if it is not any more
	 */
	@Nullable Instant clockSet(Timer timer, Instant due, Duration step) {
		boolean cron = this.trigger instanceof CronTrigger;
		if (cron && !due.isAfter(now())) {
			return due;
		}
		if (this.trigger instanceof PeriodicTrigger && this.context.lastCompletion() == null) {
			return moved(timer, Repetition.plus(due, step, 1));
		}
		moveLastRun(cron ? Duration.ZERO : step);
		return moved(timer, this.trigger.nextExecution(this.context));
	}

	/** Moves the times of the last run, none of which is after the clock then. */
	private void moveLastRun(Duration step) {
		Instant scheduled = this.context.lastScheduledExecution();
		Instant actual = this.context.lastActualExecution();
		Instant completion = this.context.lastCompletion();
		if (scheduled != null && actual != null && completion != null) {
			Instant now = now();
			Instant began = earlier(actual.plus(step), now);
			// The clock may have been set during the run, which ended by the new one.
			Instant ended = later(earlier(completion.plus(step), now), began);
			this.context.update(earlier(scheduled.plus(step), now), began, ended);
		}
	}

	private static Instant earlier(Instant one, Instant other) {
		return one.isBefore(other) ? one : other;
	}

	private static Instant later(Instant one, Instant other) {
		return one.isAfter(other) ? one : other;
	}

	private static @Nullable Instant moved(Timer timer, @Nullable Instant next) {
		if (next != null) {
			try {
				timer.rescheduleAt(next);
			}
			catch (IllegalStateException ex) {
				// Another thread may have closed the loop meanwhile.
				if (timer.state() != EventSource.State.CLOSED) {
					throw ex;
				}
			}
		}
		return next;
	}

	private Instant now() {
		return this.context.getClock().instant();
	}

}

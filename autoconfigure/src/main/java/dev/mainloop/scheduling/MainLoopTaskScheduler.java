package dev.mainloop.scheduling;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ScheduledFuture;
import java.util.function.Function;

import dev.mainloop.MainLoop;
import dev.mainloop.Timer;
import dev.mainloop.fd.ClockId;
import dev.mainloop.log.LogText;
import org.jspecify.annotations.Nullable;

import org.springframework.core.task.TaskRejectedException;
import org.springframework.scheduling.TaskScheduler;
import org.springframework.scheduling.Trigger;
import org.springframework.scheduling.support.SimpleTriggerContext;

/**
 * Runs the tasks that Spring schedules on the thread of a {@link MainLoop}, by its
 * timers. A task must not block. May be used by any thread.
 * <p>
 * Tasks for a time and those of a {@link Trigger} follow the wall clock. When that is
 * set, a cron expression is worked out anew from the new time: a time that was passed
 * over comes once, at once, and one that the clock shows again comes again. Any other
 * trigger is asked again, as if its task had run last by the new clock. Tasks at a fixed
 * rate or with a fixed delay follow the monotonic clock once they are scheduled. Runs at
 * a fixed rate that the loop was too busy for are not made up for.
 * <p>
 * What a task throws goes to the loop's {@link dev.mainloop.ErrorHandler}, and ends no
 * task that repeats. Cancelling a task does not interrupt it. Tasks wait while the loop
 * does not run, and are refused with a {@link TaskRejectedException} once it has failed
 * or is closed.
 */
public final class MainLoopTaskScheduler implements TaskScheduler, AutoCloseable {

	private final MainLoop loop;

	private final Clock clock;

	private final Set<ScheduledTask> tasks = ConcurrentHashMap.newKeySet();

	/**
	 * Creates a scheduler.
	 * @param loop the loop, which stays the caller's to close
	 */
	public MainLoopTaskScheduler(MainLoop loop) {
		this.loop = loop;
		this.clock = new LoopClock(loop, ZoneId.systemDefault());
	}

	/**
	 * Returns the wall clock that the loop goes by.
	 * @return the clock, in the time zone of the host
	 */
	@Override
	public Clock getClock() {
		return this.clock;
	}

	@Override
	public @Nullable ScheduledFuture<?> schedule(Runnable task, Trigger trigger) {
		TriggerRepetition repetition = new TriggerRepetition(trigger, new SimpleTriggerContext(this.clock));
		Instant first = repetition.first();
		if (first == null) {
			return null;
		}
		return start(task, first, repetition,
				(scheduled) -> timer(task).clock(ClockId.REALTIME)
					.onClockSet((timer, change) -> scheduled.clockSet(timer,
							(due) -> repetition.clockSet(timer, due, change.step())))
					.at(first, scheduled));
	}

	@Override
	public ScheduledFuture<?> schedule(Runnable task, Instant startTime) {
		return start(task, startTime, Repetition.ONCE,
				(scheduled) -> timer(task).clock(ClockId.REALTIME).at(startTime, scheduled));
	}

	@Override
	public ScheduledFuture<?> scheduleAtFixedRate(Runnable task, Instant startTime, Duration period) {
		return start(task, startTime, Repetition.rate(period),
				(scheduled) -> timer(task).every(until(startTime), period, scheduled));
	}

	@Override
	public ScheduledFuture<?> scheduleAtFixedRate(Runnable task, Duration period) {
		return scheduleAtFixedRate(task, this.clock.instant(), period);
	}

	@Override
	public ScheduledFuture<?> scheduleWithFixedDelay(Runnable task, Instant startTime, Duration delay) {
		return start(task, startTime, Repetition.delay(delay, this.clock),
				(scheduled) -> timer(task).after(until(startTime), scheduled));
	}

	@Override
	public ScheduledFuture<?> scheduleWithFixedDelay(Runnable task, Duration delay) {
		return scheduleWithFixedDelay(task, this.clock.instant(), delay);
	}

	private Timer.Builder timer(Runnable task) {
		return this.loop.timer(task.toString());
	}

	private Duration until(Instant time) {
		return Duration.between(this.clock.instant(), time);
	}

	private ScheduledFuture<?> start(Runnable task, Instant first, Repetition repetition,
			Function<ScheduledTask, Timer> timers) {
		ScheduledTask scheduled = new ScheduledTask(Objects.requireNonNull(task, "'task' must not be null"), repetition,
				this.clock, first);
		scheduled.whenComplete((result, failure) -> this.tasks.remove(scheduled));
		this.tasks.add(scheduled);
		boolean started = false;
		try {
			scheduled.start(timers);
			started = true;
			return scheduled;
		}
		catch (IllegalStateException ex) {
			throw new TaskRejectedException(
					"The main loop does not take %s: %s".formatted(LogText.of(task), ex.getMessage()), ex);
		}
		finally {
			if (!started) {
				scheduled.cancel(false);
			}
		}
	}

	/**
	 * Cancels all tasks.
	 */
	@Override
	public void close() {
		this.tasks.forEach((task) -> task.cancel(false));
	}

}

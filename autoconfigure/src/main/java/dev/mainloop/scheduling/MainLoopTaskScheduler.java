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
import dev.mainloop.TimerHandler;
import dev.mainloop.fd.ClockId;
import org.jspecify.annotations.Nullable;

import org.springframework.core.task.TaskRejectedException;
import org.springframework.scheduling.TaskScheduler;
import org.springframework.scheduling.Trigger;
import org.springframework.scheduling.support.SimpleTriggerContext;

/**
 * Runs the tasks that Spring schedules on the thread of a {@link MainLoop}, by its
 * timers. A task must not block. May be used by any thread.
 * <p>
 * Tasks for a time and those of a {@link Trigger} follow the wall clock, also when it is
 * set; those at a fixed rate or with a fixed delay follow the monotonic clock once they
 * are scheduled. Runs at a fixed rate that the loop was too busy for are not made up for.
 * <p>
 * What a task throws goes to the loop's {@link dev.mainloop.ErrorHandler}, and ends no
 * task that repeats. Cancelling a task does not interrupt it. Tasks wait while the loop
 * does not run, and are refused with a {@link TaskRejectedException} once it is closed.
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
		SimpleTriggerContext context = new SimpleTriggerContext(this.clock);
		Instant first = trigger.nextExecution(context);
		return (first != null) ? scheduleAt(task, first, Rhythm.trigger(trigger, context)) : null;
	}

	@Override
	public ScheduledFuture<?> schedule(Runnable task, Instant startTime) {
		return scheduleAt(task, startTime, Rhythm.ONCE);
	}

	private ScheduledFuture<?> scheduleAt(Runnable task, Instant first, Rhythm rhythm) {
		return start(task, first, rhythm, (handler) -> timer(task).clock(ClockId.REALTIME).at(first, handler));
	}

	@Override
	public ScheduledFuture<?> scheduleAtFixedRate(Runnable task, Instant startTime, Duration period) {
		return start(task, startTime, Rhythm.rate(period),
				(handler) -> timer(task).every(until(startTime), period, handler));
	}

	@Override
	public ScheduledFuture<?> scheduleAtFixedRate(Runnable task, Duration period) {
		return scheduleAtFixedRate(task, this.clock.instant(), period);
	}

	@Override
	public ScheduledFuture<?> scheduleWithFixedDelay(Runnable task, Instant startTime, Duration delay) {
		return start(task, startTime, Rhythm.delay(delay, this.clock),
				(handler) -> timer(task).after(until(startTime), handler));
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

	private ScheduledFuture<?> start(Runnable task, Instant first, Rhythm rhythm,
			Function<TimerHandler, Timer> timers) {
		ScheduledTask scheduled = new ScheduledTask(Objects.requireNonNull(task, "'task' must not be null"), rhythm,
				this.clock, first);
		try {
			scheduled.start(timers);
		}
		catch (IllegalStateException ex) {
			throw new TaskRejectedException("The main loop does not take %s: %s".formatted(task, ex.getMessage()), ex);
		}
		this.tasks.add(scheduled);
		scheduled.whenComplete((result, failure) -> this.tasks.remove(scheduled));
		return scheduled;
	}

	/**
	 * Cancels all tasks.
	 */
	@Override
	public void close() {
		this.tasks.forEach((task) -> task.cancel(false));
	}

}

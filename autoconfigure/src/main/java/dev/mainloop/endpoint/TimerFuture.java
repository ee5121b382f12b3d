package dev.mainloop.endpoint;

import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Delayed;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;

import dev.mainloop.EventSource;
import dev.mainloop.Timer;
import dev.mainloop.handler.TimerMethod;
import org.jspecify.annotations.Nullable;

import org.springframework.scheduling.TaskScheduler;
import org.springframework.scheduling.Trigger;

/**
 * The timer of a handler method as the future of a scheduled task, which goes with the
 * timer from one start of the loop to the next, and as the scheduler of that task, which
 * has nothing left to do.
 */
final class TimerFuture extends CompletableFuture<@Nullable Object>
		implements ScheduledFuture<@Nullable Object>, TaskScheduler {

	private final TimerMethod method;

	TimerFuture(TimerMethod method) {
		this.method = method;
	}

	@Override
	public long getDelay(TimeUnit unit) {
		Timer timer = this.method.timer();
		Duration left = (timer != null) ? timer.untilExpiration() : null;
		return (left != null) ? unit.convert(left) : 0;
	}

	@Override
	public int compareTo(Delayed other) {
		return Long.compare(getDelay(TimeUnit.NANOSECONDS), other.getDelay(TimeUnit.NANOSECONDS));
	}

	@Override
	public boolean isCancelled() {
		Timer timer = this.method.timer();
		return timer == null || timer.state() == EventSource.State.CLOSED;
	}

	@Override
	public boolean cancel(boolean mayInterruptIfRunning) {
		boolean open = !isCancelled();
		Timer timer = this.method.timer();
		if (timer != null) {
			timer.close();
		}
		return open;
	}

	@Override
	public ScheduledFuture<?> schedule(Runnable task, Trigger trigger) {
		return this;
	}

	@Override
	public ScheduledFuture<?> schedule(Runnable task, Instant startTime) {
		return this;
	}

	@Override
	public ScheduledFuture<?> scheduleAtFixedRate(Runnable task, Instant startTime, Duration period) {
		return this;
	}

	@Override
	public ScheduledFuture<?> scheduleAtFixedRate(Runnable task, Duration period) {
		return this;
	}

	@Override
	public ScheduledFuture<?> scheduleWithFixedDelay(Runnable task, Instant startTime, Duration delay) {
		return this;
	}

	@Override
	public ScheduledFuture<?> scheduleWithFixedDelay(Runnable task, Duration delay) {
		return this;
	}

}

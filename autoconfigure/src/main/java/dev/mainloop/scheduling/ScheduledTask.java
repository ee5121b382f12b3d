package dev.mainloop.scheduling;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Delayed;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;

import dev.mainloop.Timer;
import dev.mainloop.TimerHandler;
import org.jspecify.annotations.Nullable;

/**
 * A task on a timer, and its future. Cancelling and going on exclude each other, so that
 * no timer is set that is closed.
 */
final class ScheduledTask extends CompletableFuture<@Nullable Object>
		implements ScheduledFuture<@Nullable Object>, TimerHandler {

	private final Runnable task;

	private final Rhythm rhythm;

	private final Clock clock;

	private volatile Instant due;

	private @Nullable Timer timer;

	ScheduledTask(Runnable task, Rhythm rhythm, Clock clock, Instant due) {
		this.task = task;
		this.rhythm = rhythm;
		this.clock = clock;
		this.due = due;
	}

	/**
	 * Sets its timer.
	 * @param timers makes one for a handler
	 */
	synchronized void start(Function<TimerHandler, Timer> timers) {
		this.timer = timers.apply(this);
	}

	@Override
	public void expired(Timer expired) {
		Instant started = this.clock.instant();
		Throwable failure = null;
		try {
			this.task.run();
		}
		catch (Throwable ex) {
			failure = ex;
			throw ex;
		}
		finally {
			goOn(expired, started, failure);
		}
	}

	private synchronized void goOn(Timer expired, Instant started, @Nullable Throwable failure) {
		if (isDone()) {
			return;
		}
		Instant next;
		try {
			next = this.rhythm.next(expired, this.due, started);
		}
		catch (RuntimeException | Error ex) {
			if (failure != null) {
				ex.addSuppressed(failure);
			}
			completeExceptionally(ex);
			throw ex;
		}
		if (next != null) {
			this.due = next;
		}
		else if (failure != null) {
			completeExceptionally(failure);
		}
		else {
			complete(null);
		}
	}

	@Override
	public synchronized boolean cancel(boolean mayInterruptIfRunning) {
		boolean cancelled = super.cancel(false);
		if (cancelled && this.timer != null) {
			this.timer.close();
		}
		return cancelled;
	}

	@Override
	public long getDelay(TimeUnit unit) {
		return unit.convert(Duration.between(this.clock.instant(), this.due));
	}

	@Override
	public int compareTo(Delayed other) {
		return Long.compare(getDelay(TimeUnit.NANOSECONDS), other.getDelay(TimeUnit.NANOSECONDS));
	}

	@Override
	public String toString() {
		return this.task.toString();
	}

}

package dev.mainloop.scheduling;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Delayed;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.function.Supplier;

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

	private final Repetition repetition;

	private final Clock clock;

	private volatile Instant due;

	private @Nullable Timer timer;

	ScheduledTask(Runnable task, Repetition repetition, Clock clock, Instant due) {
		this.task = task;
		this.repetition = repetition;
		this.clock = clock;
		this.due = due;
	}

	/**
	 * Sets its timer, unless it is cancelled already.
	 * @param timers makes one for it
	 */
	synchronized void start(Function<ScheduledTask, Timer> timers) {
		if (!isDone()) {
			this.timer = timers.apply(this);
		}
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
			goOn(expired, () -> this.repetition.next(expired, this.due, started), failure);
		}
	}

	/**
	 * Has it go by the new time of the wall clock, on the loop's thread.
	 * @param waiting its timer
	 * @param times finds when it is due then
	 */
	void clockSet(Timer waiting, Function<Instant, @Nullable Instant> times) {
		goOn(waiting, () -> times.apply(this.due), null);
	}

	private synchronized void goOn(Timer set, Supplier<@Nullable Instant> times, @Nullable Throwable failure) {
		if (isDone()) {
			return;
		}
		Instant next;
		try {
			next = times.get();
		}
		catch (Throwable ex) {
			if (failure != null && failure != ex) {
				ex.addSuppressed(failure);
			}
			set.close();
			completeExceptionally(ex);
			throw ex;
		}
		if (next != null) {
			this.due = next;
			return;
		}
		set.close();
		if (failure != null) {
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

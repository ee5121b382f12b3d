package dev.mainloop.benchmarks.peer;

import java.util.concurrent.Future;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/**
 * The JDK's executor with timers, on one thread.
 */
final class ScheduledExecutorPeer implements TimerLoop<Future<?>> {

	private final ScheduledThreadPoolExecutor executor = new ScheduledThreadPoolExecutor(1);

	private final Runnable message;

	private final Runnable expired;

	ScheduledExecutorPeer(Runnable message, Runnable expired) {
		this.message = message;
		this.expired = expired;
		this.executor.setRemoveOnCancelPolicy(true);
	}

	@Override
	public boolean offer() {
		this.executor.execute(this.message);
		return true;
	}

	@Override
	public void execute(Runnable task) {
		this.executor.execute(task);
	}

	@Override
	public Future<?> arm(Delay delay) {
		return this.executor.schedule(this.expired, delay.nanos(), TimeUnit.NANOSECONDS);
	}

	@Override
	public void every(Delay period) {
		this.executor.scheduleAtFixedRate(this.expired, period.nanos(), period.nanos(), TimeUnit.NANOSECONDS);
	}

	@Override
	public void cancel(Future<?> timer) {
		timer.cancel(false);
	}

	@Override
	public void close() {
		this.executor.shutdownNow();
	}

}

package dev.mainloop.endpoint;

import java.time.Instant;

import dev.mainloop.Timer;
import dev.mainloop.handler.HandlerCall;
import dev.mainloop.handler.TimerMethod;
import org.jspecify.annotations.Nullable;

import org.springframework.scheduling.config.TaskExecutionOutcome;

/**
 * Calls a handler method for its timer, and notes what came of the last call. The loop's
 * thread calls and notes, any other asks.
 */
final class TimerCall implements HandlerCall<Timer>, Runnable {

	private final TimerMethod method;

	private final HandlerCall<Timer> call;

	/** When the last call began, by the wall clock; zero before the first one. */
	private volatile long startMillis;

	private volatile boolean running;

	private volatile @Nullable Throwable thrown;

	TimerCall(TimerMethod method, HandlerCall<Timer> call) {
		this.method = method;
		this.call = call;
	}

	@Override
	public void invoke(Timer timer) throws Exception {
		this.running = true;
		this.startMillis = System.currentTimeMillis();
		Throwable failure = null;
		try {
			this.call.invoke(timer);
		}
		catch (Throwable ex) {
			failure = ex;
			throw ex;
		}
		finally {
			this.thrown = failure;
			this.running = false;
		}
	}

	TaskExecutionOutcome outcome() {
		boolean runs = this.running;
		long millis = this.startMillis;
		Throwable failure = this.thrown;
		if (millis == 0) {
			return new TaskExecutionOutcome(null, TaskExecutionOutcome.Status.NONE, null);
		}
		Instant start = Instant.ofEpochMilli(millis);
		if (runs) {
			return new TaskExecutionOutcome(start, TaskExecutionOutcome.Status.STARTED, null);
		}
		return new TaskExecutionOutcome(start,
				(failure != null) ? TaskExecutionOutcome.Status.ERROR : TaskExecutionOutcome.Status.SUCCESS, failure);
	}

	/** Nobody may call the method but the loop. */
	@Override
	public void run() {
		throw new UnsupportedOperationException("'%s' is called by the main loop alone".formatted(this));
	}

	/** What Spring calls scheduled methods. */
	@Override
	public String toString() {
		return this.method.method().getDeclaringClass().getName() + "." + this.method.method().getName();
	}

}

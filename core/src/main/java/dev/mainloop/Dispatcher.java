package dev.mainloop;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.List;

import dev.mainloop.log.LogText;
import org.jspecify.annotations.Nullable;

/**
 * Calls the handlers of a loop: every event of every kind comes through here, and what is
 * to happen around each handler happens here alone. Belongs to the loop's thread, but for
 * what a watch asks, which says so.
 */
final class Dispatcher {

	private static final VarHandle NUMBER = Fields.handle(MethodHandles.lookup(), "number", long.class);

	private final Errors errors;

	private final NanoClock clock;

	private final LoopStatistics statistics;

	/** The source whose handler runs, or ran last. */
	private @Nullable EventSource latest;

	/** The number of the event that is handled, or was handled last. */
	private long number;

	/** Whether the event that is handled is measured. */
	private boolean measuring;

	/** The number of an event whose handler a watch asks about, or 0. */
	private volatile long asked;

	private volatile @Nullable HandledEvent answer;

	private volatile @Nullable LagListener lagListener;

	/**
	 * Creates a dispatcher.
	 * @param errors takes what handlers throw
	 * @param clock measures how long they take
	 * @param statistics what the loop has done
	 */
	Dispatcher(Errors errors, NanoClock clock, LoopStatistics statistics) {
		this.errors = errors;
		this.clock = clock;
		this.statistics = statistics;
	}

	/**
	 * Calls the handler of a source. What it throws goes to the {@link Errors}, and an
	 * interrupt of the thread that it leaves behind is cleared, so that neither reaches
	 * the handlers that follow.
	 * @param source the source
	 * @param event the event, in the form in which the source takes it
	 */
	void dispatch(EventSource source, Object event) {
		if (this.latest != source) {
			this.latest = source;
		}
		long current = this.number + 1;
		// Whoever sees the number sees its source.
		NUMBER.setRelease(this, current);
		boolean measured = source.statistics().count();
		long start = measured ? begin(source) : 0;
		try {
			source.handle(event);
			source.succeeded();
		}
		catch (Throwable ex) {
			source.statistics().countError();
			this.errors.happened(source, event, ex);
		}
		finally {
			Thread.interrupted();
			if (measured) {
				end(source, start);
			}
			if (this.asked == current) {
				answer(source, event);
			}
		}
	}

	private long begin(EventSource source) {
		this.measuring = true;
		long now = this.clock.nanoTime();
		long lag = source.lag(now, this.statistics.awake());
		if (lag >= 0) {
			lagged(source, lag, now);
		}
		return now;
	}

	private void end(EventSource source, long start) {
		this.measuring = false;
		long now = this.clock.nanoTime();
		source.statistics().handled(now - start, now);
	}

	/**
	 * Notes how long an event has waited for its handler.
	 * @param source the source of the event
	 * @param nanos the time, in nanoseconds
	 * @param now the time at which it was handled
	 */
	void lagged(EventSource source, long nanos, long now) {
		source.statistics().lagged(nanos, now);
		this.statistics.lagged(nanos, now);
		LagListener listener = this.lagListener;
		if (listener != null) {
			try {
				listener.lagged(source, nanos);
			}
			catch (Throwable ex) {
				this.lagListener = null;
				this.errors.listenerFailed(listener, ex);
			}
		}
	}

	/** Sets who is told of lags; may be called by any thread. */
	void lagListener(@Nullable LagListener listener) {
		this.lagListener = listener;
	}

	/** Whether the event that is handled is measured. */
	boolean isMeasuring() {
		return this.measuring;
	}

	/** Whether a handler, which asks, is that of a source. */
	boolean isRunning(EventSource source) {
		return this.latest == source;
	}

	/**
	 * Returns the number of the event that is handled, or was handled last. May be asked
	 * by any thread.
	 */
	long number() {
		return (long) NUMBER.getAcquire(this);
	}

	/**
	 * Has the event told that is handled, once its handler has returned. May be asked by
	 * one thread other than the loop's.
	 * @param number the number of the event, which has no answer if it was handled before
	 */
	void ask(long number) {
		this.answer = null;
		this.asked = number;
	}

	private void answer(EventSource source, Object event) {
		try {
			this.answer = new HandledEvent(this.asked, LogText.of(source.event(event)));
		}
		catch (Throwable ex) {
			// It has no answer then.
		}
	}

	/**
	 * Tells which event was asked about, once its handler has returned.
	 * @param number the number of the event
	 * @return its text, or {@code null} if that is not known
	 */
	@Nullable String answer(long number) {
		HandledEvent known = this.answer;
		return (known != null && known.number == number) ? known.text : null;
	}

	/**
	 * Finds the handler that runs, without what its source does around it. May be asked
	 * by any thread, which sees the latest source as the thread that runs the loop is
	 * stopped for a look at its stack.
	 * @param owner the thread that runs the loop
	 */
	@Nullable RunningHandler running(Thread owner) {
		StackTraceElement[] stack = owner.getStackTrace();
		EventSource source = this.latest;
		for (int i = 0; i < stack.length && source != null; i++) {
			if (stack[i].getClassName().equals(Dispatcher.class.getName())
					&& stack[i].getMethodName().equals("dispatch")) {
				return new RunningHandler(source.toString(), List.of(stack).subList(0, Math.max(0, i - 1)));
			}
		}
		return null;
	}

	/**
	 * An event that was handled, as a watch has asked.
	 *
	 * @param number its number
	 * @param text what a log line calls it
	 */
	private record HandledEvent(long number, String text) {

	}

}

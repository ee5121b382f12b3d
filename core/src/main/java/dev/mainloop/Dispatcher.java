package dev.mainloop;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.Arrays;
import java.util.List;

import dev.mainloop.log.LogText;
import org.jspecify.annotations.Nullable;

/**
 * Calls the handlers of a loop: every event of every kind comes through here, and what is
 * to happen around each handler happens here alone. Belongs to the loop's thread, but for
 * what a watch asks, which says so.
 */
final class Dispatcher {

	private static final VarHandle LATEST = Fields.handle(MethodHandles.lookup(), "latest", EventSource.class);

	private final Errors errors;

	private final NanoClock clock;

	private final LoopStatistics statistics;

	/** The source whose handler runs, or ran last. */
	private @Nullable EventSource latest;

	/** When the handler that was measured last had returned. */
	private long returned;

	/** Whether the next handler follows that one at once. */
	private boolean successive;

	/**
	 * Replaced when one is added; the place of one that has failed is emptied. Written
	 * with the lock of the dispatcher held.
	 */
	private volatile @Nullable LagListener[] lagListeners = new @Nullable LagListener[0];

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
		if (source.statistics().isWanted()) {
			measure(source, event, this.clock.nanoTime());
		}
		else {
			dispatchUnmeasured(source, event);
		}
	}

	/**
	 * Calls the handler of a source, as {@link #dispatch} does, in a row of handlers that
	 * follow each other at once: the end of one is the begin of the next, so that the
	 * clock is read once for each.
	 * @param source the source, whose every event is measured
	 * @param event the event, in the form in which the source takes it
	 */
	void dispatchSuccessive(EventSource source, Object event) {
		long start = this.successive ? this.returned : this.clock.nanoTime();
		this.successive = false;
		measure(source, event, start);
		this.successive = true;
	}

	/**
	 * Has the next handler begin with a look at the clock, as something else comes before
	 * it.
	 */
	void endSuccession() {
		this.successive = false;
	}

	private void measure(EventSource source, Object event, long start) {
		long lag = source.lag(start, this.statistics.awake());
		if (lag >= 0) {
			lagged(source, lag, start);
		}
		try {
			call(source, event, true);
		}
		finally {
			this.returned = this.clock.nanoTime();
			source.statistics().handled(this.returned - start, this.returned);
		}
	}

	/**
	 * Calls the handler of a source, as {@link #dispatch} does, without a look at the
	 * clock.
	 * @param source the source, whose statistics want no measurement
	 * @param event the event, in the form in which the source takes it
	 */
	void dispatchUnmeasured(EventSource source, Object event) {
		call(source, event, false);
	}

	private void call(EventSource source, Object event, boolean measured) {
		if (this.latest != source) {
			LATEST.setOpaque(this, source);
		}
		SourceStatistics statistics = source.statistics();
		statistics.count();
		try {
			if (measured && source instanceof QueueSource<?> queue) {
				queue.handleMeasured(event);
			}
			else {
				source.handle(event);
			}
			source.succeeded();
		}
		catch (Throwable ex) {
			statistics.countError();
			this.errors.happened(source, event, ex);
		}
		finally {
			Thread.interrupted();
			if (statistics.isAsked()) {
				answer(source, event);
			}
		}
	}

	private static void answer(EventSource source, Object event) {
		String text = null;
		try {
			text = LogText.of(source.event(event));
		}
		catch (Throwable ex) {
			// There is no answer then.
		}
		source.statistics().answer(text);
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
		for (LagListener listener : this.lagListeners) {
			if (listener != null) {
				tell(listener, source, nanos);
			}
		}
	}

	private void tell(LagListener listener, EventSource source, long nanos) {
		try {
			listener.lagged(source, nanos);
		}
		catch (Throwable ex) {
			drop(listener);
			this.errors.listenerFailed(listener, ex);
		}
	}

	/** Needs no memory, of which the listener may have found none. */
	private synchronized void drop(LagListener failed) {
		@Nullable LagListener[] listeners = this.lagListeners;
		for (int i = 0; i < listeners.length; i++) {
			if (listeners[i] == failed) {
				listeners[i] = null;
			}
		}
	}

	/** Adds who is told of lags; may be called by any thread. */
	synchronized void lagListener(LagListener listener) {
		@Nullable LagListener[] listeners = this.lagListeners;
		@Nullable LagListener[] more = Arrays.copyOf(listeners, listeners.length + 1);
		more[listeners.length] = listener;
		this.lagListeners = more;
	}

	/** Whether a handler, which asks, is that of a source. */
	boolean isRunning(EventSource source) {
		return this.latest == source;
	}

	/**
	 * Returns the source whose handler runs, or ran last. May be asked by any thread.
	 */
	@Nullable EventSource latest() {
		return (EventSource) LATEST.getOpaque(this);
	}

	/**
	 * Finds the handler that runs, without what its source does around it. May be asked
	 * by any thread, which sees the latest source as the thread that runs the loop is
	 * stopped for a look at its stack.
	 * @param owner the thread that runs the loop
	 */
	@Nullable RunningHandler running(Thread owner) {
		StackTraceElement[] stack = owner.getStackTrace();
		EventSource source = latest();
		for (int i = 0; i < stack.length && source != null; i++) {
			if (isOwn(stack[i], "call")) {
				return (i > 0 && isOwn(stack[i - 1], "answer")) ? null
						: new RunningHandler(source.toString(), List.of(stack).subList(0, handlerEnd(stack, i)));
			}
		}
		return null;
	}

	private static boolean isOwn(StackTraceElement frame, String method) {
		return frame.getClassName().equals(Dispatcher.class.getName()) && frame.getMethodName().equals(method);
	}

	/**
	 * Returns where the frames end that are the handler's, before those of its source.
	 */
	private static int handlerEnd(StackTraceElement[] stack, int dispatcher) {
		int end = Math.max(0, dispatcher - 1);
		boolean measured = end > 0 && stack[end - 1].getClassName().equals(MessageHandler.class.getName());
		return measured ? end - 1 : end;
	}

}

package dev.mainloop;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.time.Duration;
import java.util.Locale;
import java.util.Objects;

import dev.mainloop.log.LogText;
import org.jspecify.annotations.Nullable;

/**
 * Something that a {@link MainLoop} handles events of: a timer, a signal, a file
 * descriptor, a queue. It is a handle for its owner, to pause, resume and close it.
 * <p>
 * All methods may be called by any thread, also by its own handler. Once {@link #pause()}
 * or {@link #close()} has returned, its handler is not called again, not even for an
 * event that came before; called by another thread than the loop's, a handler that has
 * begun may still be running, which {@link #close(Duration)} waits for.
 */
public abstract class EventSource extends Link implements AutoCloseable {

	private static final VarHandle STATE = Fields.handle(MethodHandles.lookup(), "state", byte.class);

	private static final State[] STATES = State.values();

	private static final byte ENABLED = (byte) State.ENABLED.ordinal();

	private static final byte PAUSED = (byte) State.PAUSED.ordinal();

	private static final byte HELD = (byte) State.HELD.ordinal();

	private static final byte DISABLED = (byte) State.DISABLED.ordinal();

	private static final byte UNSETTLED = 1;

	private static final byte ONE_HOLD = 2;

	private static final byte CLOSED = (byte) State.CLOSED.ordinal();

	private final String description;

	/** The ordinal of its state, which is small. */
	private volatile byte state;

	/**
	 * In its lowest bit whether it waits to be settled, and above that how many keep its
	 * handler from being called: one byte, as a timer is to be small. Only the loop's
	 * thread writes it, the number with the lock held, with which any thread reads that.
	 */
	private byte marks;

	/** How often its handler failed since it did not; owned by the loop's thread. */
	private int failures;

	EventSource(String description) {
		this.description = Objects.requireNonNull(description, "'description' must not be null");
	}

	/**
	 * Returns what a log line calls it.
	 * @return the description that it was registered with
	 */
	public final String description() {
		return this.description;
	}

	/**
	 * Returns its state.
	 * @return the state, {@link State#CLOSED} once its loop is closed
	 */
	public final State state() {
		return loop().isClosed() ? State.CLOSED : STATES[this.state];
	}

	final boolean isEnabled() {
		return this.state == ENABLED;
	}

	final boolean isHeld() {
		return this.state == HELD;
	}

	/** Whether it was closed, other than with its loop. */
	final boolean isTakenOff() {
		return this.state == CLOSED;
	}

	/**
	 * Returns why it is disabled.
	 * @return what its handler threw last, or {@code null} unless it is disabled
	 */
	public final @Nullable Throwable failure() {
		return loop().failure(this);
	}

	/**
	 * Returns what kind of source it is.
	 * @return the kind
	 */
	public abstract Kind kind();

	/**
	 * Returns what its handler has done. Timers that only have a delay share what is
	 * counted.
	 * @return the numbers, which go on changing
	 */
	public abstract SourceStatistics statistics();

	/**
	 * Returns how long the event has waited that is about to be handled, on the loop's
	 * thread.
	 * @param now the time
	 * @param awake when the loop has learnt what is ready
	 * @return the time in nanoseconds, or less than zero if that is not known
	 */
	long lag(long now, long awake) {
		return now - awake;
	}

	/** Returns its loop, which each kind knows without a field for it alone. */
	abstract Loop loop();

	/**
	 * Stops its handler from being called until {@link #resume()}. Does nothing unless it
	 * is enabled or held.
	 */
	public final synchronized void pause() {
		State before = state();
		if (before == State.ENABLED || before == State.HELD) {
			become(State.PAUSED);
		}
	}

	/**
	 * Lets its handler be called again, once nothing holds it. Does nothing unless it is
	 * paused or disabled.
	 */
	public final synchronized void resume() {
		State before = state();
		if (before == State.DISABLED) {
			this.failures = 0;
		}
		if (before == State.PAUSED || before == State.DISABLED) {
			become(isToBeHeld() ? State.HELD : State.ENABLED);
		}
	}

	/**
	 * Keeps its handler from being called until {@link #unhold()}, whoever pauses and
	 * resumes it meanwhile. Several may hold it.
	 */
	final synchronized void hold() {
		if (this.marks >= Byte.MAX_VALUE - UNSETTLED) {
			throw new IllegalStateException("The event source %s is held by too many".formatted(quoted()));
		}
		if (state() == State.ENABLED) {
			become(State.HELD);
		}
		this.marks += ONE_HOLD;
	}

	private boolean isToBeHeld() {
		return this.marks >= ONE_HOLD;
	}

	/** Whether it waits to be settled, asked on the loop's thread. */
	final boolean isUnsettled() {
		return (this.marks & UNSETTLED) != 0;
	}

	/** Notes that it waits to be settled, on the loop's thread. */
	final void awaitSettling() {
		this.marks |= UNSETTLED;
	}

	/** Notes that it does not wait to be settled any more, on the loop's thread. */
	final void endSettling() {
		this.marks &= ~UNSETTLED;
	}

	/** Ends one {@link #hold()}. */
	final synchronized void unhold() {
		this.marks -= ONE_HOLD;
		if (!isToBeHeld() && state() == State.HELD) {
			become(State.ENABLED);
		}
	}

	/**
	 * Takes it off the loop for good. Closing it again does nothing.
	 */
	@Override
	public final void close() {
		if (!closesWithoutLock()) {
			// Who finds it closed waits here until all that follows is done.
			synchronized (this) {
				become(State.CLOSED);
			}
		}
		else if (!isTakenOff()) {
			byte before = this.state;
			// No state comes after this one, as all others are set by a compare-and-set.
			STATE.setRelease(this, CLOSED);
			follow(before, State.CLOSED);
		}
	}

	/**
	 * Whether it is the loop's thread that closes it, and what follows from its state may
	 * be done in any order with what follows from others, so that it needs no lock.
	 */
	boolean closesWithoutLock() {
		return false;
	}

	/**
	 * Takes it off the loop for good, and waits until its handler does not run any more.
	 * @param timeout how long to wait at most; not at all if it is zero or less, or the
	 * caller is a handler of the loop
	 * @return {@code true} if its handler does not run any more, {@code false} if it does
	 * still, or is the caller
	 */
	public final boolean close(Duration timeout) {
		long nanos = Nanos.of("timeout", timeout);
		close();
		return loop().awaitHandler(this, nanos);
	}

	/**
	 * Changes the state and what follows from it, both or, if that throws, neither. Does
	 * nothing once it is closed.
	 */
	private void become(State after) {
		byte before = change((byte) after.ordinal());
		if (before != CLOSED) {
			follow(before, after);
		}
	}

	private void follow(byte before, State after) {
		boolean done = false;
		try {
			switch (after) {
				case ENABLED -> {
					if (before == HELD) {
						unheld();
					}
					else {
						resumed();
					}
				}
				case CLOSED -> closed();
				default -> paused();
			}
			done = true;
		}
		finally {
			if (!done) {
				STATE.compareAndSet(this, (byte) after.ordinal(), before);
			}
		}
		if (before == DISABLED) {
			loop().enabled(this);
		}
	}

	/** Changes the state unless it is closed, and returns the state before. */
	private byte change(byte after) {
		byte before;
		do {
			before = this.state;
		}
		while (before != CLOSED && !STATE.compareAndSet(this, before, after));
		return before;
	}

	/**
	 * Records that it waits for {@link #resume()} without anyone having paused it.
	 */
	final synchronized void disarm() {
		STATE.compareAndSet(this, ENABLED, PAUSED);
	}

	/**
	 * Stops its handler from being called, as it fails, until {@link #resume()}.
	 * @param cause what it threw last
	 */
	final synchronized void disable(Throwable cause) {
		State before = state();
		boolean able = before == State.ENABLED || before == State.HELD || before == State.PAUSED;
		if (able && change(DISABLED) != CLOSED) {
			loop().disabled(this, cause);
			paused();
		}
	}

	/** Notes that its handler did not fail. */
	void succeeded() {
		if (this.failures != 0) {
			this.failures = 0;
		}
	}

	/**
	 * Notes that its handler failed.
	 * @return how often it did so in a row
	 */
	int failed() {
		return ++this.failures;
	}

	/**
	 * Makes what an error handler is told of an event.
	 * @param event the event as it is dispatched
	 * @return the event as others see it
	 */
	Object event(Object event) {
		return event;
	}

	/**
	 * Calls the handler, for the {@link Dispatcher} alone.
	 * @param event the event as it is dispatched
	 */
	abstract void handle(Object event) throws Exception;

	/** Follows up on its having been held, paused or disabled, with its lock held. */
	abstract void paused();

	/** Follows up on its having been resumed, with its lock held. */
	abstract void resumed();

	/** Follows up on its not being held any more, with its lock held. */
	void unheld() {
		resumed();
	}

	/** Follows up on its having been closed, with its lock held. */
	abstract void closed();

	/**
	 * Brings what the loop holds of it in line with its fields, on the loop's thread, see
	 * {@link Loop#settle}. Takes no lock of a source.
	 */
	void settle() {
	}

	/** Returns what a sentence calls it, with its loop where there may be others. */
	final String quoted() {
		return "'%s'%s".formatted(this, loop().name().on());
	}

	@Override
	public String toString() {
		return LogText.of(this.description);
	}

	/** The kinds of event sources. */
	public enum Kind {

		/** A {@link DescriptorSource}. */
		DESCRIPTOR,

		/** A {@link Timer}. */
		TIMER,

		/** A {@link SignalSource}. */
		SIGNAL,

		/** A {@link QueueSource}. */
		QUEUE,

		/** A {@link ClockSource}. */
		CLOCK,

		/** A {@link CompletionSource}. */
		COMPLETION,

		/** An {@link ExitSource}. */
		PROCESS;

		@Override
		public String toString() {
			return name().toLowerCase(Locale.ROOT);
		}

	}

	/** The states of an event source. */
	public enum State {

		/** Its handler is called. */
		ENABLED,

		/**
		 * Its handler is not called until fewer of the {@link BlockingCalls} run that it
		 * has begun.
		 */
		HELD,

		/** Its handler is not called until it is resumed. */
		PAUSED,

		/** Its handler failed too often and is not called until it is resumed. */
		DISABLED,

		/** Its handler is never called again. */
		CLOSED;

		@Override
		public String toString() {
			return name().toLowerCase(Locale.ROOT);
		}

	}

}

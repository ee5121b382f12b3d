package dev.mainloop;

import java.util.Locale;

import org.jspecify.annotations.Nullable;

/**
 * Something that a {@link MainLoop} handles events of: a timer, a signal, a file
 * descriptor, a queue. It is a handle for its owner, to pause, resume and close it.
 * <p>
 * All methods may be called by any thread, also by its own handler. Once {@link #pause()}
 * or {@link #close()} has returned, its handler is not called again, not even for an
 * event that came before; called by another thread than the loop's, a handler that is
 * running may still be.
 */
public abstract sealed class EventSource implements AutoCloseable
		permits ClockSource, DescriptorSource, QueueSource, SignalSource, Timer {

	private final MainLoop loop;

	private final String description;

	private volatile State state = State.ENABLED;

	private volatile @Nullable Throwable failure;

	/** How often its handler failed since it did not; owned by the loop's thread. */
	private int failures;

	EventSource(MainLoop loop, String description) {
		this.loop = loop;
		this.description = description;
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
		return (this.loop.state() == MainLoop.State.CLOSED) ? State.CLOSED : this.state;
	}

	final boolean isEnabled() {
		return this.state == State.ENABLED;
	}

	/**
	 * Returns why it is disabled.
	 * @return what its handler threw last, or {@code null} unless it is disabled
	 */
	public final @Nullable Throwable failure() {
		return this.failure;
	}

	final MainLoop loop() {
		return this.loop;
	}

	/**
	 * Stops its handler from being called until {@link #resume()}. Does nothing unless it
	 * is enabled.
	 */
	public final synchronized void pause() {
		if (state() == State.ENABLED) {
			this.state = State.PAUSED;
			paused();
		}
	}

	/**
	 * Lets its handler be called again. Does nothing unless it is paused or disabled.
	 */
	public final synchronized void resume() {
		State before = state();
		if (before == State.DISABLED) {
			this.failures = 0;
		}
		if (before == State.PAUSED || before == State.DISABLED) {
			this.state = State.ENABLED;
			try {
				resumed();
			}
			catch (RuntimeException ex) {
				this.state = before;
				throw ex;
			}
			forgetFailure();
		}
	}

	/**
	 * Takes it off the loop for good. Closing it again does nothing.
	 */
	@Override
	public final synchronized void close() {
		if (this.state != State.CLOSED) {
			this.state = State.CLOSED;
			forgetFailure();
			closed();
		}
	}

	/**
	 * Records that it waits for {@link #resume()} without anyone having paused it.
	 */
	final synchronized void disarm() {
		if (this.state == State.ENABLED) {
			this.state = State.PAUSED;
		}
	}

	/**
	 * Stops its handler from being called, as it fails, until {@link #resume()}.
	 * @param cause what it threw last
	 */
	final synchronized void disable(Throwable cause) {
		State before = state();
		if (before == State.ENABLED || before == State.PAUSED) {
			this.failure = cause;
			this.state = State.DISABLED;
			this.loop.errors().disabled(this);
			if (before == State.ENABLED) {
				paused();
			}
		}
	}

	private void forgetFailure() {
		if (this.failure != null) {
			this.failure = null;
			this.loop.errors().enabled(this);
		}
	}

	/** Notes that its handler did not fail. */
	final void succeeded() {
		if (this.failures != 0) {
			this.failures = 0;
		}
	}

	/**
	 * Notes that its handler failed.
	 * @return how often it did so in a row
	 */
	final int failed() {
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

	abstract void paused();

	abstract void resumed();

	abstract void closed();

	@Override
	public String toString() {
		return this.description;
	}

	/** The states of an event source. */
	public enum State {

		/** Its handler is called. */
		ENABLED,

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

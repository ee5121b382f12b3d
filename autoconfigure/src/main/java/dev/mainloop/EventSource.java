package dev.mainloop;

import java.util.Locale;

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
		permits DescriptorSource, QueueSource, SignalSource, Timer {

	private final MainLoop loop;

	private final String description;

	private volatile State state = State.ENABLED;

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
	 * Lets its handler be called again. Does nothing unless it is paused.
	 */
	public final synchronized void resume() {
		if (state() == State.PAUSED) {
			this.state = State.ENABLED;
			try {
				resumed();
			}
			catch (RuntimeException ex) {
				this.state = State.PAUSED;
				throw ex;
			}
		}
	}

	/**
	 * Takes it off the loop for good. Closing it again does nothing.
	 */
	@Override
	public final synchronized void close() {
		if (this.state != State.CLOSED) {
			this.state = State.CLOSED;
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

		/** Its handler is never called again. */
		CLOSED;

		@Override
		public String toString() {
			return name().toLowerCase(Locale.ROOT);
		}

	}

}

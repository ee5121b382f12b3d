package dev.mainloop;

import org.jspecify.annotations.Nullable;

/**
 * What an event source and the keepers of sources may ask of their loop. May be asked by
 * any thread unless it says otherwise.
 */
interface Loop {

	/** Returns what it is called. */
	LoopName name();

	/** Whether the caller is a handler, or the loop's own work between two of them. */
	boolean isLoopThread();

	/** Tells who the caller is to the mailboxes of the loop. */
	Mailbox.Sender sender();

	/** Whether some thread runs the loop now. */
	boolean isOwned();

	/** Whether the loop is closed for good. */
	boolean isClosed();

	/** Whether a batch of events is to end, as the loop is closed or has failed. */
	boolean isOver();

	/**
	 * Refuses a registration on a loop that has ended.
	 * @throws IllegalStateException if it is closed or has failed
	 */
	void requireUsable();

	/** Says in what state the loop is, as the beginning of a sentence. */
	String describe();

	/**
	 * Has {@link EventSource#settle()} called on the loop's thread: after the handler if
	 * the caller is one, at once if nobody runs the loop, and otherwise before the
	 * handlers of its next iteration.
	 */
	void settle(EventSource source);

	/**
	 * Settles the sources that wait for it, between two handlers on the loop's thread.
	 */
	void settleAll();

	/** Ends the wait of the loop. */
	void wakeUp();

	/** Returns the handler that runs, or {@code null} if none does. */
	@Nullable RunningHandler runningHandler();

	/**
	 * Closes the loop and has what is left behind its handler counted in the log, for a
	 * process that ends without waiting for it.
	 */
	void abandon();

	/**
	 * Waits until no handler of a source that is closed runs any more.
	 * @param timeoutNanos how long to wait at most, in nanoseconds
	 * @return {@code false} if one does still
	 */
	boolean awaitHandler(EventSource source, long timeoutNanos);

	/**
	 * Calls the handler of a source, on the loop's thread.
	 * @param source the source
	 * @param event the event, in the form in which the source takes it
	 */
	void dispatch(EventSource source, Object event);

	/**
	 * Calls the handler of a source whose every event is measured, on the loop's thread.
	 * The end of the handler that was called so before is its begin, unless
	 * {@link #endSuccession()} has come between.
	 * @param source the source
	 * @param event the event, in the form in which the source takes it
	 */
	void dispatchSuccessive(EventSource source, Object event);

	/** Has the next handler measured by itself, on the loop's thread. */
	void endSuccession();

	/**
	 * Calls the handler of a source whose next event is not to be measured, on the loop's
	 * thread.
	 * @param source the source
	 * @param event the event, in the form in which the source takes it
	 */
	void dispatchUnmeasured(EventSource source, Object event);

	/** Lists a source that is about to be opened. */
	void list(EventSource source);

	/** Takes a source off the list that could not be opened, or was closed. */
	void unlist(EventSource source);

	/** Returns the time by the clock of the loop, in nanoseconds. */
	long nanoTime();

	/**
	 * Notes how long an event has waited for its handler, on the loop's thread.
	 * @param source the source of the event
	 * @param nanos the time, in nanoseconds
	 * @param now the time at which it was handled
	 */
	void lagged(EventSource source, long nanos, long now);

	/**
	 * Notes that a source is disabled, as its handler fails too often.
	 * @param cause what it threw last
	 */
	void disabled(EventSource source, Throwable cause);

	/** Returns why a source is disabled, or {@code null} if it is not. */
	@Nullable Throwable failure(EventSource source);

	/** Notes that a source is disabled no more. */
	void enabled(EventSource source);

	/** Ends the loop as failed. */
	void fail(Throwable cause);

}

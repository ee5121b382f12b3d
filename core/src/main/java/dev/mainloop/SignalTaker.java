package dev.mainloop;

import dev.mainloop.fd.Signal;
import org.jspecify.annotations.Nullable;

/**
 * What the {@link SignalHub} knows of a loop that takes signals. What it asks and says is
 * said with its lock held, unless it is said otherwise.
 */
interface SignalTaker {

	/** Returns what the loop is called. */
	LoopName name();

	/**
	 * Counts the signals that the loop takes.
	 * @param change how many more
	 * @return how many they are now
	 */
	int subscribed(int change);

	/**
	 * Notes whether the loop takes part, which it does until it has failed or is closed.
	 */
	void partOfHub(boolean part);

	/** Whether the loop takes part. */
	boolean isPartOfHub();

	/**
	 * Whether signals are to come to it. They do until its owner has left a loop that has
	 * failed, and from before it is entered again.
	 */
	boolean isServing();

	/** Notes whether there is something to do. */
	void work(boolean work);

	/**
	 * Notes that there is something to do, by any thread; the loop is woken after that.
	 */
	void workAdded();

	/** Whether there is something to do. */
	boolean hasWork();

	/** Has the loop end the process by a signal. */
	void exitBy(Signal signal);

	/** Ends the process if that is due, on the calling thread and without the lock. */
	void exitIfDue();

	/** How long a signal that ends the process waits for the handlers of the loop. */
	long exitTimeoutNanos();

	/** Returns the handler that runs, or {@code null}, without the lock. */
	@Nullable RunningHandler runningHandler();

	/** Has what is left of the loop counted in the log, without the lock. */
	void abandon();

	/** Ends the wait of the loop, without the lock. */
	void wakeUp();

}

package dev.mainloop;

import dev.mainloop.fd.Signal;

/**
 * What the {@link SignalHub} knows of a loop that takes signals. What it asks and says is
 * said with its lock held, unless it is said otherwise.
 */
interface SignalTaker {

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

	/** Ends the wait of the loop, without the lock. */
	void wakeUp();

}

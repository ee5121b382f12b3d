package dev.mainloop;

/**
 * What the heap of {@link Timers} holds: the seat of a {@link Timer}, and of each part of
 * the loop that works by time. Belongs to the loop's thread, but for {@link #due}, which
 * others may read.
 */
abstract class Deadline {

	/** The place of one that is not in the heap. */
	static final int NOWHERE = -1;

	/** Later than any time. */
	static final long NEVER = Long.MAX_VALUE;

	/** When it is due, in nanoseconds of its clock; {@link #NEVER} outside the heap. */
	volatile long due = NEVER;

	/** Orders those that are due at the same time. */
	long order;

	/** The place in the heap. */
	int place = NOWHERE;

	final boolean isPlaced() {
		return this.place != NOWHERE;
	}

	/**
	 * Called when it is due. It has to leave the heap or to move to a later place there.
	 * @param now the time
	 */
	abstract void expired(long now);

	/**
	 * Called when its clock was set.
	 * @param stepNanos how far it was moved, negative for back
	 */
	void clockSet(long stepNanos) {
	}

	/** Names it for those who ask which one is due. */
	@Override
	public abstract String toString();

}

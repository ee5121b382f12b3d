package dev.mainloop;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;

/**
 * What {@link Deadlines} hold: a {@link Timer}, or a part of the loop that works by time.
 * It is its own seat, as an object for that would be half as large as a timer. Belongs to
 * the loop's thread, but for {@link #due}, which others may read.
 */
abstract class Deadline extends EventSource {

	/** Later than any time. */
	static final long NEVER = Long.MAX_VALUE;

	/** Where one is that has no place. */
	static final byte NOWHERE = 0;

	private static final VarHandle DUE = Fields.handle(MethodHandles.lookup(), "due", long.class);

	/** When it is due, in nanoseconds of its clock; {@link #NEVER} without a place. */
	private volatile long due;

	/** Orders those that are due at the same time, or 0 if it has no order yet. */
	long order;

	/** The index in the heap or the bucket that has it. */
	int place;

	/** What has it, for {@link Deadlines} to tell. */
	byte where;

	Deadline(String description) {
		super(description);
		DUE.set(this, NEVER);
	}

	final boolean isPlaced() {
		return this.where != NOWHERE;
	}

	final long due() {
		return this.due;
	}

	/**
	 * Sets when it is due, for {@link Deadlines} alone. Whoever then looks at what other
	 * threads write, who look at this, puts a full fence between.
	 */
	final void setDue(long time) {
		DUE.setRelease(this, time);
	}

	/**
	 * Called when it is due. It has to lose its place or to move to a later one.
	 * @param now the time
	 */
	abstract void expired(long now);

	/**
	 * Called when its clock was set.
	 * @param stepNanos how far it was moved, negative for back
	 */
	void clockSet(long stepNanos) {
	}

	/** A part of the loop does not count what it does. */
	@Override
	public SourceStatistics statistics() {
		throw new UnsupportedOperationException();
	}

	@Override
	public Kind kind() {
		return Kind.TIMER;
	}

	/** A part of the loop has no handler, and is not paused or closed. */
	@Override
	void handle(Object event) throws Exception {
	}

	@Override
	void paused() {
	}

	@Override
	void resumed() {
	}

	@Override
	void closed() {
	}

}

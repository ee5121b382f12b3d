package dev.mainloop;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Adds up stretches of time, with the one that goes on. One thread starts and stops it,
 * any may read it: it is one word, which that thread writes by a plain store.
 */
final class Stopwatch {

	private static final VarHandle WORD = Fields.handle(MethodHandles.lookup(), "word", long.class);

	/**
	 * Twice the time of all stretches. While one goes on, twice what is to be added to
	 * the present time to get there, and one.
	 */
	private long word;

	/**
	 * The most that was told. A reader may come between the time of a stop and its store,
	 * and nobody is to be told less after that.
	 */
	private final AtomicLong told = new AtomicLong();

	/** Begins a stretch. */
	void start(long now) {
		stop(now);
		WORD.setOpaque(this, (this.word - 2 * now) | 1);
	}

	/** Ends the stretch that goes on, if one does. */
	void stop(long now) {
		if (isRunning(this.word)) {
			WORD.setOpaque(this, this.word - 1 + 2 * now);
		}
	}

	/**
	 * Returns the time of all stretches.
	 * @param now the present time, taken before
	 * @return the time, in nanoseconds, no less than was told before
	 */
	long nanos(long now) {
		long known = (long) WORD.getOpaque(this);
		long nanos = isRunning(known) ? (known >> 1) + now : known >> 1;
		return this.told.accumulateAndGet(nanos, Math::max);
	}

	private static boolean isRunning(long word) {
		return (word & 1) != 0;
	}

}

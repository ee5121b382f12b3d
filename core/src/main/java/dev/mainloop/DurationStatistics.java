package dev.mainloop;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.time.Duration;

/**
 * Durations that the thread of a loop measures. Any thread may read them while they
 * change: each number is whole, and two of them may be of different moments.
 */
public final class DurationStatistics {

	/** For how long the longest is remembered at least, and twice as long at most. */
	private static final long WINDOW_NANOS = Duration.ofMinutes(1).toNanos();

	private static final VarHandle COUNT = handle("count");

	private static final VarHandle TOTAL = handle("total");

	private static final VarHandle LATEST = handle("latest");

	private static final VarHandle LONGEST = handle("longest");

	private static final VarHandle LONGEST_BEFORE = handle("longestBefore");

	private long count;

	private long total;

	private long latest;

	private long longest;

	private long longestBefore;

	/** When the present window began; owned by the loop's thread. */
	private long windowStart;

	DurationStatistics() {
	}

	/**
	 * Adds a duration, on the loop's thread.
	 * @param nanos the duration, in nanoseconds, of which none is negative
	 * @param now the time, by the clock of the loop
	 */
	void add(long nanos, long now) {
		long before = this.count;
		COUNT.setOpaque(this, before + 1);
		TOTAL.setOpaque(this, this.total + nanos);
		LATEST.setOpaque(this, nanos);
		if (before == 0 || now - this.windowStart >= WINDOW_NANOS) {
			boolean follows = now - this.windowStart < 2 * WINDOW_NANOS;
			LONGEST_BEFORE.setOpaque(this, follows ? this.longest : 0);
			LONGEST.setOpaque(this, nanos);
			this.windowStart = now;
		}
		else if (nanos > this.longest) {
			LONGEST.setOpaque(this, nanos);
		}
	}

	private static VarHandle handle(String field) {
		return Fields.handle(MethodHandles.lookup(), field, long.class);
	}

	/**
	 * Returns how many were measured.
	 * @return the number, 0 if there are none yet
	 */
	public long count() {
		return (long) COUNT.getOpaque(this);
	}

	/**
	 * Returns the sum of all.
	 * @return the sum
	 */
	public Duration total() {
		return Duration.ofNanos((long) TOTAL.getOpaque(this));
	}

	/**
	 * Returns the latest.
	 * @return the duration, zero if there is none yet
	 */
	public Duration last() {
		return Duration.ofNanos((long) LATEST.getOpaque(this));
	}

	/**
	 * Returns the mean of all.
	 * @return the mean, zero if there are none yet
	 */
	public Duration mean() {
		return Duration.ofNanos((long) TOTAL.getOpaque(this) / Math.max(1, count()));
	}

	/**
	 * Returns the longest of the last minute or two in which there were any.
	 * @return the duration, zero if there is none yet
	 */
	public Duration max() {
		return Duration.ofNanos(Math.max((long) LONGEST.getOpaque(this), (long) LONGEST_BEFORE.getOpaque(this)));
	}

}

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

	private static final VarHandle NUMBERS = MethodHandles.arrayElementVarHandle(long[].class);

	private static final int COUNT = 0;

	private static final int TOTAL = 1;

	private static final int LATEST = 2;

	private static final int LONGEST = 3;

	private static final int LONGEST_BEFORE = 4;

	private final long[] numbers = new long[LONGEST_BEFORE + 1];

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
		long[] known = this.numbers;
		set(COUNT, known[COUNT] + 1);
		set(TOTAL, known[TOTAL] + nanos);
		set(LATEST, nanos);
		if (known[COUNT] == 1 || now - this.windowStart >= WINDOW_NANOS) {
			boolean follows = now - this.windowStart < 2 * WINDOW_NANOS;
			set(LONGEST_BEFORE, follows ? known[LONGEST] : 0);
			set(LONGEST, nanos);
			this.windowStart = now;
		}
		else if (nanos > known[LONGEST]) {
			set(LONGEST, nanos);
		}
	}

	private void set(int index, long number) {
		NUMBERS.setOpaque(this.numbers, index, number);
	}

	private long get(int index) {
		return (long) NUMBERS.getOpaque(this.numbers, index);
	}

	/**
	 * Returns how many were measured.
	 * @return the number, 0 if there are none yet
	 */
	public long count() {
		return get(COUNT);
	}

	/**
	 * Returns the sum of all.
	 * @return the sum
	 */
	public Duration total() {
		return Duration.ofNanos(get(TOTAL));
	}

	/**
	 * Returns the latest.
	 * @return the duration, zero if there is none yet
	 */
	public Duration last() {
		return Duration.ofNanos(get(LATEST));
	}

	/**
	 * Returns the mean of all.
	 * @return the mean, zero if there are none yet
	 */
	public Duration mean() {
		return Duration.ofNanos(get(TOTAL) / Math.max(1, count()));
	}

	/**
	 * Returns the longest of the last minute or two in which there were any.
	 * @return the duration, zero if there is none yet
	 */
	public Duration max() {
		return Duration.ofNanos(Math.max(get(LONGEST), get(LONGEST_BEFORE)));
	}

}

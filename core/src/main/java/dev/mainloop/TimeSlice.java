package dev.mainloop;

/**
 * How long one phase of an iteration may keep the others waiting. It ends after the
 * handler in which the time runs out. The clock is read less often than handlers are
 * called while these are fast: not again before as many were called as would take an
 * eighth of what is left at their pace so far, and at most {@value #LONGEST_STRIDE}.
 * Belongs to the loop's thread.
 */
final class TimeSlice {

	private static final int LONGEST_STRIDE = 32;

	private static final int PART = 8;

	private final NanoClock clock;

	private final long nanos;

	private long start;

	/** How many handlers were called since the start. */
	private long count;

	private int stride;

	private int left;

	private boolean over;

	TimeSlice(NanoClock clock, long nanos) {
		this.clock = clock;
		this.nanos = nanos;
	}

	/** Begins a phase, whose time counts from the end of its first handler. */
	void begin() {
		this.count = -1;
		this.stride = 1;
		this.left = 1;
		this.over = false;
	}

	/** Ends the phase after the handler that runs. */
	void end() {
		this.over = true;
		this.left = 1;
	}

	/** Whether the phase is to end, as the last handler has shown. */
	boolean isOver() {
		return this.over;
	}

	/**
	 * Returns how many handlers may be called before the phase is to be asked for again.
	 */
	int stride() {
		return this.left;
	}

	/** Counts a handler that was called, and tells whether the phase is to end. */
	boolean handled() {
		return handled(1);
	}

	/**
	 * Counts handlers that were called, and tells whether the phase is to end.
	 * @param handlers their number, no more than {@link #stride()} has allowed
	 */
	boolean handled(int handlers) {
		this.left -= handlers;
		return this.left <= 0 && look();
	}

	private boolean look() {
		if (this.over) {
			return true;
		}
		long now = this.clock.nanoTime();
		this.count += this.stride;
		if (this.count == 0) {
			this.start = now;
			this.left = 1;
			return false;
		}
		long remaining = this.nanos - (now - this.start);
		long pace = Math.max(1, (now - this.start) / this.count);
		this.stride = (int) Math.max(1, Math.min(Math.min(2L * this.stride, LONGEST_STRIDE), remaining / PART / pace));
		this.left = this.stride;
		this.over = remaining <= 0;
		return this.over;
	}

}

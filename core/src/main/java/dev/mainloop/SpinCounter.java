package dev.mainloop;

import java.time.Duration;

/**
 * Finds out whether the handler of a file descriptor spins: it was called by each wait of
 * the loop, {@link #CALLS} times or more and for {@link #TIME} or longer, and nothing was
 * read or written through the descriptor meanwhile. A handler that reads or writes does
 * not, however busy it is, nor one whose descriptor is not ready at some wait between.
 * Belongs to the loop's thread.
 */
final class SpinCounter {

	static final int CALLS = 1024;

	static final Duration TIME = Duration.ofSeconds(1);

	private final Timers clock;

	private int wait;

	private int transfers;

	/** How many calls in a row have followed one that has moved nothing. */
	private int calls;

	private long since;

	private boolean spinning;

	/**
	 * Creates a counter.
	 * @param clock has the time
	 */
	SpinCounter(Timers clock) {
		this.clock = clock;
	}

	/**
	 * Counts a call that is about to be made.
	 * @param wait the number of the wait that it is for
	 * @param transfers how many transfers there were through the descriptor
	 * @return {@code true} if the handler spins
	 */
	boolean isSpinning(int wait, int transfers) {
		boolean successive = wait == this.wait + 1;
		boolean idle = transfers == this.transfers;
		this.wait = wait;
		this.transfers = transfers;
		if (!idle) {
			this.spinning = false;
			this.calls = 0;
		}
		else if (!this.spinning) {
			this.calls = successive ? this.calls + 1 : 0;
			this.spinning = this.calls > 0 && isLong();
		}
		return this.spinning;
	}

	private boolean isLong() {
		if (this.calls == 1) {
			this.since = this.clock.now();
			return false;
		}
		return this.calls % CALLS == 0 && elapsed() >= TIME.toNanos();
	}

	/**
	 * Whether nothing was read or written since the call that was counted last.
	 * @param transfers how many transfers there were through the descriptor
	 */
	boolean isIdle(int transfers) {
		return transfers == this.transfers;
	}

	/** Returns for how long the handler has been spinning, in nanoseconds. */
	long elapsed() {
		return this.clock.now() - this.since;
	}

	/** Returns how often the handler was called when it was found to spin. */
	int calls() {
		return this.calls;
	}

}

package dev.mainloop;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.time.Duration;

/**
 * What a loop has done. The thread of the loop counts, and any thread may read: each
 * number is whole, and two of them may be of different moments.
 */
public final class LoopStatistics {

	private static final VarHandle ITERATIONS = Fields.handle(MethodHandles.lookup(), "iterations", long.class);

	private static final VarHandle WAKE_UPS = Fields.handle(MethodHandles.lookup(), "wakeUps", long.class);

	private static final VarHandle BUSY = Fields.handle(MethodHandles.lookup(), "busy", long.class);

	private static final VarHandle IDLE = Fields.handle(MethodHandles.lookup(), "idle", long.class);

	private final DurationStatistics lag = new DurationStatistics();

	private long iterations;

	private long wakeUps;

	private long busy;

	private long idle;

	/** When the loop has come back to its handlers; owned by the loop's thread. */
	private long awake;

	LoopStatistics() {
	}

	/** Notes that the loop begins to run, on its thread. */
	void begin(long now) {
		this.awake = now;
	}

	/** Notes that the loop begins an iteration without a wait, on its thread. */
	void iterated(long now) {
		ITERATIONS.setOpaque(this, this.iterations + 1);
		end(now);
	}

	/**
	 * Notes that the loop begins an iteration after a wait, on its thread.
	 * @param asleep when it began to wait
	 * @param now the time
	 */
	void awoken(long asleep, long now) {
		WAKE_UPS.setOpaque(this, this.wakeUps + 1);
		IDLE.setOpaque(this, this.idle + now - asleep);
		iterated(asleep);
		this.awake = now;
	}

	/** Notes that the loop does not run any more, on its thread. */
	void end(long now) {
		BUSY.setOpaque(this, this.busy + now - this.awake);
		this.awake = now;
	}

	/** Returns when the wait of this iteration ended, on the loop's thread. */
	long awake() {
		return this.awake;
	}

	/**
	 * Notes how long an event has waited, on the loop's thread.
	 * @param nanos the time, in nanoseconds
	 * @param now the time
	 */
	void lagged(long nanos, long now) {
		this.lag.add(nanos, now);
	}

	/**
	 * Returns how many iterations there were.
	 * @return the number
	 */
	public long iterations() {
		return (long) ITERATIONS.getOpaque(this);
	}

	/**
	 * Returns how many times the loop has waited for an event and was woken.
	 * @return the number
	 */
	public long wakeUps() {
		return (long) WAKE_UPS.getOpaque(this);
	}

	/**
	 * Returns for how long the loop has called handlers and done its own work, up to its
	 * present iteration.
	 * @return the time
	 */
	public Duration busy() {
		return Duration.ofNanos((long) BUSY.getOpaque(this));
	}

	/**
	 * Returns for how long the loop has waited for events, up to its present iteration.
	 * @return the time
	 */
	public Duration idle() {
		return Duration.ofNanos((long) IDLE.getOpaque(this));
	}

	/**
	 * Returns how long events of all sources have waited for their handlers, see
	 * {@link SourceStatistics#lag()}.
	 * @return the times that were measured
	 */
	public DurationStatistics lag() {
		return this.lag;
	}

}

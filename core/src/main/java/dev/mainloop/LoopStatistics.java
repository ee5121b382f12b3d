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

	private final DurationStatistics lag = new DurationStatistics();

	private long iterations;

	private long wakeUps;

	private final NanoClock clock;

	private final Stopwatch busy = new Stopwatch();

	private final Stopwatch idle = new Stopwatch();

	/** When the loop has come back to its handlers; owned by the loop's thread. */
	private long awake;

	LoopStatistics(NanoClock clock) {
		this.clock = clock;
	}

	/** Notes that the loop begins to run, on its thread. */
	void begin(long now) {
		this.awake = now;
		this.busy.start(now);
	}

	/** Notes that the loop begins an iteration without a wait, on its thread. */
	void iterated(long now) {
		ITERATIONS.setOpaque(this, this.iterations + 1);
		this.awake = now;
	}

	/** Notes that the loop begins to wait, on its thread. */
	void asleep(long now) {
		this.busy.stop(now);
		this.idle.start(now);
	}

	/** Notes that the loop begins an iteration after a wait, on its thread. */
	void awoken(long now) {
		this.idle.stop(now);
		this.busy.start(now);
		WAKE_UPS.setOpaque(this, this.wakeUps + 1);
		iterated(now);
	}

	/** Notes that the loop does not run any more, on its thread. */
	void end(long now) {
		this.busy.stop(now);
		this.idle.stop(now);
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
	 * Returns for how long the loop has called handlers and done its own work, with what
	 * it is doing now.
	 * @return the time
	 */
	public Duration busy() {
		return Duration.ofNanos(this.busy.nanos(this.clock.nanoTime()));
	}

	/**
	 * Returns for how long the loop has waited for events, with its present wait.
	 * @return the time
	 */
	public Duration idle() {
		return Duration.ofNanos(this.idle.nanos(this.clock.nanoTime()));
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

package dev.mainloop.benchmarks.program;

import java.util.Arrays;
import java.util.concurrent.CountDownLatch;

/**
 * Times that one thread takes, of which the first are left out, until all is compiled,
 * and of the others the first fifth.
 */
final class Samples {

	private static final double[] PERCENTILES = { 50, 90, 99, 99.9 };

	private static final double NANOS_PER_MICRO = 1000;

	private static final int WARM_UPS = 80_000;

	private final CountDownLatch full = new CountDownLatch(1);

	private final long[] nanos;

	private int warmUps;

	private int taken;

	Samples(int count) {
		this.nanos = new long[count];
	}

	/** Whether the next time is left out. */
	boolean isWarmingUp() {
		return this.warmUps < WARM_UPS;
	}

	/**
	 * Adds a time.
	 * @param nanos the time
	 * @return whether more are wanted
	 */
	boolean add(long nanos) {
		if (isWarmingUp()) {
			this.warmUps++;
			return true;
		}
		this.nanos[this.taken++] = nanos;
		if (this.taken < this.nanos.length) {
			return true;
		}
		this.full.countDown();
		return false;
	}

	void await() throws InterruptedException {
		this.full.await();
	}

	void print() {
		long[] sorted = Arrays.copyOfRange(this.nanos, this.nanos.length / 5, this.nanos.length);
		Arrays.sort(sorted);
		for (double percentile : PERCENTILES) {
			String name = "p" + Double.toString(percentile).replace(".0", "");
			Output.number(name, sorted[(int) (sorted.length * percentile / 100)] / NANOS_PER_MICRO);
		}
	}

}

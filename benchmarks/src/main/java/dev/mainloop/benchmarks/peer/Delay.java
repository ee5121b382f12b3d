package dev.mainloop.benchmarks.peer;

import java.time.Duration;
import java.util.SplittableRandom;

/**
 * A time as each loop wants it, so that none has to convert it while it is measured.
 *
 * @param duration the time
 * @param nanos the same in nanoseconds
 */
public record Delay(Duration duration, long nanos) {

	/** An hour. */
	public static final Delay HOUR = of(Duration.ofHours(1));

	/** A millisecond. */
	public static final Delay MILLISECOND = of(Duration.ofMillis(1));

	/** Short enough to warm up with. */
	public static final Delay SHORT = of(Duration.ofNanos(20_000));

	private static final long SOME_MINUTES = 1L << 40;

	private static Delay of(Duration duration) {
		return new Delay(duration, duration.toNanos());
	}

	/**
	 * Returns times that do not come to pass while something is measured.
	 * @param random where they come from
	 * @param count how many
	 * @return an hour and up to 18 minutes more each
	 */
	public static Delay[] beyond(SplittableRandom random, int count) {
		Delay[] delays = new Delay[count];
		for (int i = 0; i < count; i++) {
			delays[i] = of(HOUR.duration.plusNanos(random.nextLong(SOME_MINUTES)));
		}
		return delays;
	}

}

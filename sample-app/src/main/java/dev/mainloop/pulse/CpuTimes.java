package dev.mainloop.pulse;

import java.util.Arrays;

/**
 * How much time the processors have spent since the host was started, from the first line
 * of {@code /proc/stat}; see {@code proc_stat(5)}.
 *
 * @param busy clock ticks spent at work
 * @param total clock ticks spent at work and idle
 */
record CpuTimes(long busy, long total) {

	/** Before the host was started. */
	static final CpuTimes NONE = new CpuTimes(0, 0);

	private static final int IDLE = 3;

	private static final int IOWAIT = 4;

	/**
	 * After these come the times of guests, which are counted in the first ones already.
	 */
	private static final int COUNTED = 8;

	static CpuTimes parse(String stat) {
		String[] words = stat.lines().findFirst().orElse("").split(" +");
		if (words.length <= 1 + IOWAIT || !words[0].equals("cpu")) {
			throw new IllegalArgumentException("'%s' is not the 'cpu' line of /proc/stat".formatted(words[0]));
		}
		long[] ticks = Arrays.stream(words).skip(1).limit(COUNTED).mapToLong(Long::parseLong).toArray();
		long total = Arrays.stream(ticks).sum();
		return new CpuTimes(total - ticks[IDLE] - ticks[IOWAIT], total);
	}

	/**
	 * Tells how busy the processors were lately.
	 * @param earlier an earlier reading
	 * @return the share of the time since then that they were at work, in percent
	 */
	double percentSince(CpuTimes earlier) {
		return Proc.percent(this.busy - earlier.busy, this.total - earlier.total);
	}

}

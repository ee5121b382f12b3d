package dev.mainloop.libc;

/**
 * The clocks of the kernel, see {@code clock_gettime(2)}.
 */
public final class Clocks {

	private static final long NANOS_PER_SECOND = 1_000_000_000;

	private static final NativeMemory TIME = new NativeMemory(16);

	private Clocks() {
	}

	/**
	 * Reads a clock. May be called by any thread.
	 * @param clockId a {@code CLOCK_…} number
	 * @return the time in nanoseconds
	 * @throws ErrnoException if the kernel does not have the clock
	 */
	public static long nanoTime(int clockId) {
		synchronized (TIME) {
			int result = LibC.clockGetTime(clockId, TIME.address());
			if (result < 0) {
				throw new ErrnoException(result, "clock_gettime", clockId);
			}
			return TIME.getLong(0) * NANOS_PER_SECOND + TIME.getLong(8);
		}
	}

}

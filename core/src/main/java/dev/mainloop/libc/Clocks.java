package dev.mainloop.libc;

import org.jspecify.annotations.Nullable;

/**
 * The clocks of the kernel, see {@code clock_gettime(2)}.
 */
public final class Clocks {

	/**
	 * Allocated on first use and not with the class, which could never be used again if
	 * there were no memory for it at that time.
	 */
	private static @Nullable NativeMemory time;

	private Clocks() {
	}

	/**
	 * Reads a clock. May be called by any thread.
	 * @param clockId a {@code CLOCK_…} number
	 * @return the time in nanoseconds
	 * @throws ErrnoException if the kernel does not have the clock
	 */
	public static synchronized long nanoTime(int clockId) {
		NativeMemory memory = time;
		if (memory == null) {
			memory = new NativeMemory(TimeSpec.SIZE);
			time = memory;
		}
		int result = LibC.clockGetTime(clockId, memory.address());
		if (result < 0) {
			throw new ErrnoException(result, "clock_gettime", clockId);
		}
		return TimeSpec.get(memory, 0);
	}

}

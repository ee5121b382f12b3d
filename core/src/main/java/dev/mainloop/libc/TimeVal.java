package dev.mainloop.libc;

/**
 * A {@code struct timeval}, see {@code select(2)}. Not thread-safe.
 */
public final class TimeVal {

	private static final long NANOS_PER_MICRO = 1000;

	private static final long MICROS_PER_SECOND = 1_000_000;

	private final NativeMemory memory = new NativeMemory(16);

	/**
	 * Returns the address of the struct.
	 * @return the address
	 */
	public long address() {
		return this.memory.address();
	}

	/**
	 * Sets the time, rounding up to microseconds.
	 * @param nanos nanoseconds, 0 or more
	 */
	public void set(long nanos) {
		long micros = nanos / NANOS_PER_MICRO + ((nanos % NANOS_PER_MICRO != 0) ? 1 : 0);
		this.memory.putLong(0, micros / MICROS_PER_SECOND);
		this.memory.putLong(8, micros % MICROS_PER_SECOND);
	}

}

package dev.mainloop.libc;

/**
 * A {@code struct timespec}, see {@code clock_nanosleep(2)}. Not thread-safe.
 */
public final class TimeSpec {

	private static final long NANOS_PER_SECOND = 1_000_000_000;

	private final NativeMemory memory = new NativeMemory(16);

	/**
	 * Returns the address of the struct.
	 * @return the address
	 */
	public long address() {
		return this.memory.address();
	}

	/**
	 * Sets the time.
	 * @param nanos nanoseconds, 0 or more
	 */
	public void set(long nanos) {
		this.memory.putLong(0, nanos / NANOS_PER_SECOND);
		this.memory.putLong(8, nanos % NANOS_PER_SECOND);
	}

}

package dev.mainloop.libc;

/**
 * A {@code struct timespec}, see {@code clock_nanosleep(2)}, alone or as a part of
 * another struct. Not thread-safe.
 */
public final class TimeSpec {

	private static final long NANOS_PER_SECOND = 1_000_000_000;

	/** Its size in bytes. */
	static final int SIZE = 16;

	private final NativeMemory memory = new NativeMemory(SIZE);

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
		put(this.memory, 0, nanos);
	}

	/** Writes one to memory. */
	static void put(NativeMemory memory, int offset, long nanos) {
		memory.putLong(offset, nanos / NANOS_PER_SECOND);
		memory.putLong(offset + 8, nanos % NANOS_PER_SECOND);
	}

	/** Reads one from memory, in nanoseconds. */
	static long get(NativeMemory memory, int offset) {
		return memory.getLong(offset) * NANOS_PER_SECOND + memory.getLong(offset + 8);
	}

}

package dev.mainloop.libc;

/**
 * A {@code struct itimerspec}, see {@code timerfd_settime(2)}. Not thread-safe.
 */
public final class TimerSpec {

	private static final long NANOS_PER_SECOND = 1_000_000_000;

	/** Stands for no struct, where there is no C library. */
	public static final TimerSpec NONE = new TimerSpec(0);

	private static final int SIZE = 32;

	private final NativeMemory memory;

	/**
	 * Allocates a struct.
	 */
	public TimerSpec() {
		this(SIZE);
	}

	private TimerSpec(int size) {
		this.memory = new NativeMemory(size);
	}

	/**
	 * Returns the address of the struct.
	 * @return the address
	 */
	public long address() {
		return this.memory.address();
	}

	/**
	 * Sets both fields.
	 * @param valueNanos the first expiration in nanoseconds, 0 to disarm
	 * @param intervalNanos the period in nanoseconds, 0 for none
	 */
	public void set(long valueNanos, long intervalNanos) {
		put(0, intervalNanos);
		put(16, valueNanos);
	}

	/**
	 * Returns the time to the next expiration.
	 * @return the time in nanoseconds
	 */
	public long valueNanos() {
		return this.memory.getLong(16) * NANOS_PER_SECOND + this.memory.getLong(24);
	}

	private void put(int offset, long nanos) {
		this.memory.putLong(offset, nanos / NANOS_PER_SECOND);
		this.memory.putLong(offset + 8, nanos % NANOS_PER_SECOND);
	}

}

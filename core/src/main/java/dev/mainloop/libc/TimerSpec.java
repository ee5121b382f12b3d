package dev.mainloop.libc;

/**
 * A {@code struct itimerspec}, see {@code timerfd_settime(2)}. Not thread-safe.
 */
public final class TimerSpec {

	/** Stands for no struct, where there is no C library. */
	public static final TimerSpec NONE = new TimerSpec(0);

	private static final int INTERVAL = 0;

	private static final int VALUE = TimeSpec.SIZE;

	private static final int SIZE = 2 * TimeSpec.SIZE;

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
		TimeSpec.put(this.memory, INTERVAL, intervalNanos);
		TimeSpec.put(this.memory, VALUE, valueNanos);
	}

	/**
	 * Returns the time to the next expiration.
	 * @return the time in nanoseconds
	 */
	public long valueNanos() {
		return TimeSpec.get(this.memory, VALUE);
	}

}

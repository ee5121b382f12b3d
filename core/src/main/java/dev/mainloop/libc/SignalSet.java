package dev.mainloop.libc;

/**
 * A {@code sigset_t}, see {@code sigsetops(3)}. Not thread-safe.
 */
public final class SignalSet {

	private final NativeMemory memory = new NativeMemory(128);

	/**
	 * Returns the address of the set.
	 * @return the address
	 */
	public long address() {
		return this.memory.address();
	}

	/**
	 * Adds a signal.
	 * @param number its number, from 1 to 64
	 */
	public void add(int number) {
		this.memory.putLong(0, this.memory.getLong(0) | 1L << (number - 1));
	}

}

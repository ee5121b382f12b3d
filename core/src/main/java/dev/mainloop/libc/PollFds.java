package dev.mainloop.libc;

/**
 * An array of {@code struct pollfd}, see {@code poll(2)}. Not thread-safe.
 */
public final class PollFds {

	private static final int SIZE = 8;

	private static final int EVENTS = 4;

	private static final int REVENTS = 6;

	private static final int MASK = 0xffff;

	private final NativeMemory memory;

	private final int capacity;

	/**
	 * Allocates an array.
	 * @param capacity its length
	 */
	public PollFds(int capacity) {
		this.memory = new NativeMemory(Math.max(1, capacity) * SIZE);
		this.capacity = capacity;
	}

	/**
	 * Returns the address of the first element.
	 * @return the address
	 */
	public long address() {
		return this.memory.address();
	}

	/**
	 * Returns the length of the array.
	 * @return the number of elements
	 */
	public int capacity() {
		return this.capacity;
	}

	/**
	 * Sets an element.
	 * @param index its index
	 * @param fd the file descriptor
	 * @param events the {@code POLL…} bits to wait for
	 */
	public void set(int index, int fd, int events) {
		this.memory.putInt(index * SIZE, fd);
		this.memory.putShort(index * SIZE + EVENTS, (short) events);
		this.memory.putShort(index * SIZE + REVENTS, (short) 0);
	}

	/**
	 * Returns what was found of an element.
	 * @param index its index
	 * @return the {@code POLL…} bits
	 */
	public int returnedEvents(int index) {
		return this.memory.getShort(index * SIZE + REVENTS) & MASK;
	}

}

package dev.mainloop.libc;

/**
 * An {@code fd_set}, see {@code select(2)}. Not thread-safe.
 */
public final class FdSet {

	/** How many file descriptors a set has room for, from number 0 on. */
	public static final int SIZE = 1024;

	private final NativeMemory memory = new NativeMemory(SIZE / Byte.SIZE);

	/**
	 * Returns the address of the set.
	 * @return the address
	 */
	public long address() {
		return this.memory.address();
	}

	/**
	 * Adds a file descriptor.
	 * @param fd its number, less than {@link #SIZE}
	 */
	public void add(int fd) {
		int offset = offset(fd);
		this.memory.putLong(offset, this.memory.getLong(offset) | bit(fd));
	}

	/**
	 * Tells whether the set has a file descriptor.
	 * @param fd its number, less than {@link #SIZE}
	 * @return {@code true} if it has
	 */
	public boolean contains(int fd) {
		return (this.memory.getLong(offset(fd)) & bit(fd)) != 0;
	}

	/** Removes all file descriptors. */
	public void clear() {
		for (int offset = 0; offset < this.memory.size(); offset += Long.BYTES) {
			this.memory.putLong(offset, 0);
		}
	}

	/**
	 * Makes this a copy of another set.
	 * @param other the other set
	 */
	public void copyFrom(FdSet other) {
		for (int offset = 0; offset < this.memory.size(); offset += Long.BYTES) {
			this.memory.putLong(offset, other.memory.getLong(offset));
		}
	}

	private static int offset(int fd) {
		return fd / Long.SIZE * Long.BYTES;
	}

	private static long bit(int fd) {
		return 1L << (fd % Long.SIZE);
	}

}

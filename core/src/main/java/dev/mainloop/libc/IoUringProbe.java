package dev.mainloop.libc;

/**
 * A {@code struct io_uring_probe}, see {@code IORING_REGISTER_PROBE} in
 * {@code io_uring_register(2)}. Not thread-safe.
 */
public final class IoUringProbe {

	/** How many operations it has room for, from number 0 on. */
	public static final int SIZE = 256;

	private static final int OPERATIONS_LENGTH = 1;

	private static final int OPERATIONS = 16;

	private static final int OPERATION_SIZE = 8;

	private static final int OPERATION_FLAGS = 2;

	private static final int SUPPORTED = 1;

	private final NativeMemory memory = new NativeMemory(OPERATIONS + SIZE * OPERATION_SIZE);

	/**
	 * Returns the address of the struct.
	 * @return the address
	 */
	public long address() {
		return this.memory.address();
	}

	/**
	 * Tells whether the kernel has an operation.
	 * @param number its number
	 * @return {@code true} if it has
	 */
	public boolean supports(int number) {
		return number < Byte.toUnsignedInt(this.memory.getByte(OPERATIONS_LENGTH))
				&& (this.memory.getShort(OPERATIONS + number * OPERATION_SIZE + OPERATION_FLAGS) & SUPPORTED) != 0;
	}

}

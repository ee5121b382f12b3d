package dev.mainloop.fd;

/**
 * The operations of {@link IoUring}, each as its man page in section 2 describes it. What
 * stands for its arguments is in {@code io_uring_enter(2)}.
 */
public enum IoUringOpcode {

	/** Does nothing. */
	NOP(0),

	/** {@code fsync(2)}; with the flag 1, {@code fdatasync(2)}. */
	FSYNC(3),

	/** Cancels the operation whose user data is its address. */
	ASYNC_CANCEL(14),

	/** {@code fallocate(2)}, with the mode as length and the length as address. */
	FALLOCATE(17),

	/** {@code openat(2)}, with the mode as length. */
	OPENAT(18),

	/** {@code close(2)}. */
	CLOSE(19),

	/** {@code statx(2)}, with the mask as length and the buffer as offset. */
	STATX(21),

	/** {@code pread(2)}, or {@code read(2)} with the offset -1. */
	READ(22),

	/** {@code pwrite(2)}, or {@code write(2)} with the offset -1. */
	WRITE(23),

	/**
	 * {@code renameat2(2)}, with the new directory as length and the new path as offset.
	 */
	RENAMEAT(35),

	/** {@code unlinkat(2)}. */
	UNLINKAT(36),

	/** {@code ftruncate(2)}, with the length as offset; since Linux 6.9. */
	FTRUNCATE(55);

	private final int number;

	IoUringOpcode(int number) {
		this.number = number;
	}

	/**
	 * Returns the number.
	 * @return the {@code IORING_OP_…} number
	 */
	public int number() {
		return this.number;
	}

}

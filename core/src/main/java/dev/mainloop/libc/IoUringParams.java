package dev.mainloop.libc;

/**
 * A {@code struct io_uring_params}, see {@code io_uring_setup(2)}. Not thread-safe.
 */
public final class IoUringParams {

	/**
	 * Do not interrupt the thread for a completion, which then comes when the thread next
	 * enters the kernel, is interrupted by another device, or at once if it sleeps.
	 */
	public static final int COOP_TASKRUN = 1 << 8;

	private static final int SUBMISSION_QUEUE = 40;

	private static final int COMPLETION_QUEUE = 80;

	private static final int SIZE = 120;

	private final NativeMemory memory = new NativeMemory(SIZE);

	/**
	 * Returns the address of the struct.
	 * @return the address
	 */
	public long address() {
		return this.memory.address();
	}

	/**
	 * Sets {@code flags}.
	 * @param flags the flags
	 */
	public void setFlags(int flags) {
		this.memory.putInt(8, flags);
	}

	/**
	 * Returns {@code features}.
	 * @return the bits of what the kernel has
	 */
	public int features() {
		return this.memory.getInt(20);
	}

	/**
	 * Returns {@code cq_entries}.
	 * @return how many completions there is room for
	 */
	public int completionEntries() {
		return this.memory.getInt(4);
	}

	int submissionEntries() {
		return this.memory.getInt(0);
	}

	int submissionHead() {
		return this.memory.getInt(SUBMISSION_QUEUE);
	}

	int submissionTail() {
		return this.memory.getInt(SUBMISSION_QUEUE + 4);
	}

	int submissionFlags() {
		return this.memory.getInt(SUBMISSION_QUEUE + 16);
	}

	int submissionArray() {
		return this.memory.getInt(SUBMISSION_QUEUE + 24);
	}

	int completionHead() {
		return this.memory.getInt(COMPLETION_QUEUE);
	}

	int completionTail() {
		return this.memory.getInt(COMPLETION_QUEUE + 4);
	}

	int completions() {
		return this.memory.getInt(COMPLETION_QUEUE + 20);
	}

}

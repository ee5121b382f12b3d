package dev.mainloop.libc;

import java.nio.ByteBuffer;

/**
 * The two queues of an io_uring, in memory that the kernel shares, see
 * {@code io_uring(7)}.
 * <p>
 * Each queue is a ring with a head and a tail, which only grow; the place of an entry is
 * an index modulo the length. Each of these four words is written by one side alone, by a
 * release, and read by the other side, by an acquire:
 * <ul>
 * <li>The <em>tail of the submissions</em> is ours. It is written after the entry, so
 * that the kernel, which reads it first, finds the entry whole.
 * <li>The <em>head of the submissions</em> is the kernel's. It is written after the entry
 * was copied, and read before the place is used again.
 * <li>The <em>tail of the completions</em> is the kernel's. It is written after the
 * entry, and read before the entry is.
 * <li>The <em>head of the completions</em> is ours. It is written after the entry was
 * copied, so that the kernel does not use the place again before.
 * </ul>
 * Whoever writes a word keeps a plain copy of it to read. The kernel alone writes the
 * flags, whose order with the others means nothing. Not thread-safe; must not be used
 * after it was closed.
 */
public final class IoUringQueues implements AutoCloseable {

	/** Where the kernel has the queues, {@code IORING_OFF_SQ_RING}. */
	private static final long RINGS = 0;

	/** Where the kernel has the entries of the submissions, {@code IORING_OFF_SQES}. */
	private static final long SUBMISSIONS = 0x10000000;

	private static final int SUBMISSION_SIZE = 64;

	private static final int COMPLETION_SIZE = 16;

	/** {@code IORING_SQ_CQ_OVERFLOW}. */
	private static final int OVERFLOW = 1 << 1;

	private final SharedMemory rings;

	private final SharedMemory submissions;

	private final int submissionEntries;

	private final int submissionHead;

	private final int submissionTail;

	private final int submissionFlags;

	private final int completionEntries;

	private final int completionHead;

	private final int completionTail;

	private final int completions;

	/** What was written last to the tail of the submissions. */
	private int tail;

	/** What was written last to the head of the completions. */
	private int head;

	private long userData;

	private int result;

	/**
	 * Maps the queues of an io_uring that has both in one mapping
	 * ({@code IORING_FEAT_SINGLE_MMAP}).
	 * @param fd the number of its file descriptor
	 * @param params what {@code io_uring_setup(2)} has told of it
	 * @throws ErrnoException if {@code mmap(2)} fails
	 */
	public IoUringQueues(int fd, IoUringParams params) {
		this.submissionEntries = params.submissionEntries();
		this.submissionHead = params.submissionHead();
		this.submissionTail = params.submissionTail();
		this.submissionFlags = params.submissionFlags();
		this.completionEntries = params.completionEntries();
		this.completionHead = params.completionHead();
		this.completionTail = params.completionTail();
		this.completions = params.completions();
		int array = params.submissionArray();
		this.rings = new SharedMemory(fd, RINGS, Math.max(array + this.submissionEntries * Integer.BYTES,
				this.completions + this.completionEntries * COMPLETION_SIZE));
		SharedMemory mapped = null;
		try {
			mapped = new SharedMemory(fd, SUBMISSIONS, this.submissionEntries * SUBMISSION_SIZE);
			for (int i = 0; i < this.submissionEntries; i++) {
				this.rings.buffer().putInt(array + i * Integer.BYTES, i);
			}
		}
		finally {
			if (mapped == null) {
				this.rings.close();
			}
		}
		this.submissions = mapped;
	}

	/**
	 * Puts a submission into its queue. The fields that have no parameter stay 0.
	 * @param opcode {@code opcode}
	 * @param flags {@code flags}
	 * @param fd {@code fd}
	 * @param offset {@code off} or {@code addr2}
	 * @param address {@code addr}
	 * @param length {@code len}
	 * @param operationFlags the flags of the operation, such as {@code fsync_flags}
	 * @param userData {@code user_data}
	 * @return {@code true}, or {@code false} if the queue is full
	 */
	public boolean put(int opcode, int flags, int fd, long offset, long address, int length, int operationFlags,
			long userData) {
		if (submissions() == this.submissionEntries) {
			return false;
		}
		int entry = (this.tail & (this.submissionEntries - 1)) * SUBMISSION_SIZE;
		ByteBuffer buffer = this.submissions.buffer();
		buffer.put(entry, (byte) opcode);
		buffer.put(entry + 1, (byte) flags);
		buffer.putInt(entry + 4, fd);
		buffer.putLong(entry + 8, offset);
		buffer.putLong(entry + 16, address);
		buffer.putInt(entry + 24, length);
		buffer.putInt(entry + 28, operationFlags);
		buffer.putLong(entry + 32, userData);
		// An overflow of the stack comes before the entry counts for either side.
		this.rings.putIntRelease(this.submissionTail, this.tail + 1);
		this.tail++;
		return true;
	}

	/**
	 * Returns how many submissions there are that the kernel has not taken.
	 * @return their number
	 */
	public int submissions() {
		return this.tail - this.rings.getIntAcquire(this.submissionHead);
	}

	/**
	 * Takes the next completion out of its queue.
	 * @return {@code true}, or {@code false} if the queue is empty
	 */
	public boolean next() {
		if (isEmpty()) {
			return false;
		}
		int entry = this.completions + (this.head & (this.completionEntries - 1)) * COMPLETION_SIZE;
		ByteBuffer buffer = this.rings.buffer();
		this.userData = buffer.getLong(entry);
		this.result = buffer.getInt(entry + 8);
		this.rings.putIntRelease(this.completionHead, this.head + 1);
		this.head++;
		return true;
	}

	/**
	 * Tells whether there is no completion to take.
	 * @return {@code true} if there is none
	 */
	public boolean isEmpty() {
		return this.rings.getIntAcquire(this.completionTail) == this.head;
	}

	/**
	 * Tells whether the kernel keeps completions that the queue had no room for.
	 * @return {@code true} if it does
	 */
	public boolean hasOverflown() {
		return (this.rings.getIntAcquire(this.submissionFlags) & OVERFLOW) != 0;
	}

	/**
	 * Returns the user data of the completion that was taken last.
	 * @return {@code user_data} of its submission
	 */
	public long userData() {
		return this.userData;
	}

	/**
	 * Returns the result of the completion that was taken last.
	 * @return what the operation returns, or a negated errno
	 */
	public int result() {
		return this.result;
	}

	/** Unmaps the queues, once. */
	@Override
	public void close() {
		this.submissions.close();
		this.rings.close();
	}

}

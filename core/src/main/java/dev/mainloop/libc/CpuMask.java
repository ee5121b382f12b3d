package dev.mainloop.libc;

import java.util.BitSet;

/**
 * A {@code cpu_set_t} of any size, see {@code CPU_SET(3)} and
 * {@code sched_setaffinity(2)}. Does not change, and may be used by any thread.
 */
public final class CpuMask {

	/** Stands for the calling thread. */
	public static final int CALLER = 0;

	/** The size of the C library's own {@code cpu_set_t}, in bytes. */
	private static final int USUAL_SIZE = 128;

	/** More than any kernel has CPUs, in bytes. */
	private static final int LARGEST_SIZE = 1 << 16;

	private final NativeMemory memory;

	private CpuMask(int size) {
		this.memory = new NativeMemory(size);
	}

	/**
	 * Makes a mask.
	 * @param cpus the numbers of the CPUs
	 * @return the mask
	 */
	public static CpuMask of(BitSet cpus) {
		long[] words = cpus.toLongArray();
		CpuMask mask = new CpuMask(Math.max(USUAL_SIZE, words.length * Long.BYTES));
		for (int i = 0; i < words.length; i++) {
			mask.memory.putLong(i * Long.BYTES, words[i]);
		}
		return mask;
	}

	/**
	 * Asks the kernel on which CPUs a thread may run.
	 * @param threadId the number of the thread, that of the process for its first one, or
	 * {@link #CALLER}
	 * @return the mask
	 * @throws ErrnoException if the kernel refuses
	 */
	public static CpuMask ofThread(int threadId) {
		return ofThread(threadId, USUAL_SIZE);
	}

	/** Begins with a size, as the kernel does not tell which it needs. */
	static CpuMask ofThread(int threadId, int firstSize) {
		CpuMask mask = new CpuMask(firstSize);
		int result = mask.read(threadId);
		while (Errno.EINVAL.is(result) && mask.size() < LARGEST_SIZE) {
			mask = new CpuMask(mask.size() * 2);
			result = mask.read(threadId);
		}
		if (result < 0) {
			throw new ErrnoException(result, "sched_getaffinity", threadId, mask.size());
		}
		return mask;
	}

	private int read(int threadId) {
		return LibC.schedGetAffinity(threadId, size(), address());
	}

	/**
	 * Has the calling thread run on these CPUs alone, as far as the kernel lets it.
	 * Allocates nothing.
	 * @return zero or a negated errno
	 */
	public int applyToCaller() {
		return LibC.schedSetAffinity(CALLER, size(), address());
	}

	/**
	 * Returns its CPUs.
	 * @return their numbers
	 */
	public BitSet cpus() {
		long[] words = new long[size() / Long.BYTES];
		for (int i = 0; i < words.length; i++) {
			words[i] = this.memory.getLong(i * Long.BYTES);
		}
		return BitSet.valueOf(words);
	}

	int size() {
		return this.memory.size();
	}

	private long address() {
		return this.memory.address();
	}

}

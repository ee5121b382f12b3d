package dev.mainloop.libc;

/**
 * An array of {@code struct signalfd_siginfo}, see {@code signalfd(2)}. Not thread-safe.
 */
public final class SignalFdInfos {

	private static final int SIZE = 128;

	private final NativeMemory memory;

	/**
	 * Allocates an array.
	 * @param capacity its length
	 */
	public SignalFdInfos(int capacity) {
		this.memory = new NativeMemory(capacity * SIZE);
	}

	/**
	 * Reads as many elements as are there and fit.
	 * @param fd the signalfd
	 * @return the number of elements or a negated errno
	 */
	public int readFrom(int fd) {
		int result = LibC.read(fd, this.memory.address(), this.memory.size());
		return (result < 0) ? result : result / SIZE;
	}

	/**
	 * Returns {@code ssi_signo} of an element.
	 * @param index its index
	 * @return the number of the signal
	 */
	public int number(int index) {
		return this.memory.getInt(index * SIZE);
	}

	/**
	 * Returns {@code ssi_code} of an element.
	 * @param index its index
	 * @return how the signal was sent
	 */
	public int code(int index) {
		return this.memory.getInt(index * SIZE + 8);
	}

	/**
	 * Returns {@code ssi_pid} of an element.
	 * @param index its index
	 * @return the sender's process id
	 */
	public int pid(int index) {
		return this.memory.getInt(index * SIZE + 12);
	}

	/**
	 * Returns {@code ssi_uid} of an element.
	 * @param index its index
	 * @return the sender's real user id
	 */
	public int uid(int index) {
		return this.memory.getInt(index * SIZE + 16);
	}

	/**
	 * Returns {@code ssi_status} of an element.
	 * @param index its index
	 * @return the exit status or signal of a child, for {@code SIGCHLD}
	 */
	public int status(int index) {
		return this.memory.getInt(index * SIZE + 40);
	}

	/**
	 * Returns {@code ssi_int} of an element.
	 * @param index its index
	 * @return the value sent by {@code sigqueue(3)}
	 */
	public int value(int index) {
		return this.memory.getInt(index * SIZE + 44);
	}

}

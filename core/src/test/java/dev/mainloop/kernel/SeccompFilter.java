package dev.mainloop.kernel;

import java.util.Set;

import dev.mainloop.libc.Errno;
import dev.mainloop.libc.NativeMemory;

/**
 * Has the kernel refuse system calls as a sandbox does, see {@code seccomp(2)}: those of
 * the calling thread and of the threads that it starts from then on, for good.
 */
public final class SeccompFilter {

	private static final int PR_SET_SECCOMP = 22;

	private static final int PR_SET_NO_NEW_PRIVS = 38;

	private static final long SECCOMP_MODE_FILTER = 2;

	private static final int SECCOMP_RET_ALLOW = 0x7fff0000;

	private static final int SECCOMP_RET_ERRNO = 0x00050000;

	/** BPF_LD | BPF_W | BPF_ABS of the number of the system call. */
	private static final int LOAD_NUMBER = 0x20;

	/** BPF_JMP | BPF_JEQ | BPF_K, to the next instruction or to the one after it. */
	private static final int SKIP_UNLESS_EQUAL = 0x15 | 1 << 24;

	/** BPF_RET | BPF_K. */
	private static final int RETURN = 0x06;

	private static final int INSTRUCTION_SIZE = 8;

	private SeccompFilter() {
	}

	/**
	 * Refuses {@code epoll_create(2)} and {@code epoll_create1(2)}.
	 * @param errno what they fail with
	 */
	public static void refuseEpoll(Errno errno) {
		refuse(errno, isX86() ? new int[] { 213, 291 } : new int[] { 20 });
	}

	/**
	 * Refuses {@code epoll_pwait2(2)}.
	 * @param errno what it fails with
	 */
	public static void refuseExactWait(Errno errno) {
		refuse(errno, 441);
	}

	/**
	 * Refuses {@code io_uring_setup(2)}.
	 * @param errno what it fails with
	 */
	public static void refuseIoUring(Errno errno) {
		refuse(errno, 425);
	}

	/**
	 * Refuses {@code inotify_init1(2)}.
	 * @param errno what it fails with
	 */
	public static void refuseInotify(Errno errno) {
		refuse(errno, isX86() ? 294 : 26);
	}

	/**
	 * Refuses {@code inotify_add_watch(2)}.
	 * @param errno what it fails with
	 */
	public static void refuseWatches(Errno errno) {
		refuse(errno, isX86() ? 254 : 27);
	}

	/**
	 * Refuses {@code pidfd_open(2)}.
	 * @param errno what it fails with
	 */
	public static void refusePidFd(Errno errno) {
		refuse(errno, 434);
	}

	/**
	 * Refuses {@code ioctl(2)}, as a kernel does that does not know what is asked for.
	 * @param errno what it fails with
	 */
	public static void refuseControl(Errno errno) {
		refuse(errno, isX86() ? 16 : 29);
	}

	private static boolean isX86() {
		return Set.of("amd64", "x86_64").contains(System.getProperty("os.arch"));
	}

	private static void refuse(Errno errno, int... numbers) {
		int length = 2 * numbers.length + 2;
		NativeMemory instructions = new NativeMemory(length * INSTRUCTION_SIZE);
		set(instructions, 0, LOAD_NUMBER, 0);
		for (int i = 0; i < numbers.length; i++) {
			set(instructions, 2 * i + 1, SKIP_UNLESS_EQUAL, numbers[i]);
			set(instructions, 2 * i + 2, RETURN, SECCOMP_RET_ERRNO | errno.number());
		}
		set(instructions, length - 1, RETURN, SECCOMP_RET_ALLOW);
		NativeMemory program = new NativeMemory(2 * Long.BYTES);
		program.putShort(0, (short) length);
		program.putLong(Long.BYTES, instructions.address());
		Kernel.control(PR_SET_NO_NEW_PRIVS, 1, 0);
		Kernel.control(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, program.address());
	}

	private static void set(NativeMemory instructions, int index, int code, int operand) {
		instructions.putInt(index * INSTRUCTION_SIZE, code);
		instructions.putInt(index * INSTRUCTION_SIZE + Integer.BYTES, operand);
	}

}

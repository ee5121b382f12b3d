package dev.mainloop.kernel;

import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;

import dev.mainloop.libc.Errno;
import dev.mainloop.libc.ErrnoException;
import org.assertj.core.api.Assumptions;

/**
 * System calls that the loop or its tests make, and that a container or a sandbox may
 * refuse.
 */
public enum SystemCall {

	/** {@code epoll_create1(2)}. */
	EPOLL_CREATE1(291, 20, -1),

	/** {@code epoll_pwait2(2)}. */
	EPOLL_PWAIT2(441, 441, -1, 0, 1),

	/** {@code eventfd2(2)}. */
	EVENTFD2(290, 19, 0, -1),

	/** {@code timerfd_create(2)}. */
	TIMERFD_CREATE(283, 85, -1, -1),

	/** {@code signalfd4(2)}. */
	SIGNALFD4(289, 74, -1, 0, 0, -1),

	/** {@code clock_settime(2)}. */
	CLOCK_SETTIME(227, 112, -1),

	/** {@code pidfd_open(2)}. */
	PIDFD_OPEN(434, 434, -1, -1),

	/** {@code inotify_init1(2)}. */
	INOTIFY_INIT1(294, 26, -1),

	/** {@code seccomp(2)}. */
	SECCOMP(317, 277, -1),

	/** {@code io_setup(2)}. */
	IO_SETUP(206, 0, 1),

	/** {@code io_uring_setup(2)}. */
	IO_URING_SETUP(425, 425, 1);

	private final int number;

	private final long[] badArguments;

	SystemCall(int numberOnX86, int numberElsewhere, long... badArguments) {
		this.number = "amd64".equals(System.getProperty("os.arch")) ? numberOnX86 : numberElsewhere;
		this.badArguments = Arrays.copyOf(badArguments, 5);
	}

	/**
	 * Skips the test where the system call is refused.
	 */
	public void assume() {
		Assumptions.assumeThat(refusal()).as("what refuses the system call %s", this).isEmpty();
	}

	/**
	 * Tells whether the system call is refused, by a call with arguments that the kernel
	 * finds invalid if it comes to look at them.
	 * @return the error, or nothing if it is not refused
	 */
	Optional<ErrnoException> refusal() {
		try {
			Kernel.call(toString(), this.number, this.badArguments);
		}
		catch (ErrnoException ex) {
			return Optional.of(ex).filter((error) -> error.is(Errno.EPERM) || error.is(Errno.ENOSYS));
		}
		return Optional.empty();
	}

	/**
	 * Tells which of all these are refused.
	 * @return a line of text
	 */
	public static String report() {
		String refused = Arrays.stream(values())
			.map(SystemCall::refusal)
			.flatMap(Optional::stream)
			.map(ErrnoException::getMessage)
			.collect(Collectors.joining(", "));
		return refused.isEmpty() ? "no system call is refused" : "refused system calls: " + refused;
	}

	@Override
	public String toString() {
		return name().toLowerCase(Locale.ROOT);
	}

}

package dev.mainloop.libc;

import java.util.Arrays;
import java.util.stream.Collectors;

/**
 * Thrown when a system call fails:
 * {@code epoll_ctl(3, EPOLL_CTL_ADD, 7): EPERM (Operation
 * not permitted)}.
 */
public class ErrnoException extends RuntimeException {

	private static final long serialVersionUID = 1L;

	private final String call;

	private final int errno;

	/**
	 * Creates an exception for a call that failed.
	 * @param result the negative result of the call
	 * @param call the name of the call
	 * @param arguments its arguments as a reader should see them
	 */
	public ErrnoException(int result, String call, Object... arguments) {
		super(message(-result, call, arguments));
		this.call = call;
		this.errno = -result;
	}

	private static String message(int errno, String call, Object[] arguments) {
		String list = Arrays.stream(arguments).map(String::valueOf).collect(Collectors.joining(", "));
		return "%s(%s): %s (%s)".formatted(call, list, Errno.name(errno), LibC.describe(errno));
	}

	/**
	 * Returns the name of the system call.
	 * @return its name, such as {@code epoll_ctl}
	 */
	public String call() {
		return this.call;
	}

	/**
	 * Returns the error number.
	 * @return the positive errno
	 */
	public int errno() {
		return this.errno;
	}

	/**
	 * Tells whether the call failed with an error.
	 * @param errno the error
	 * @return {@code true} if it did
	 */
	public boolean is(Errno errno) {
		return this.errno == errno.number();
	}

}

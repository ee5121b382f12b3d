package dev.mainloop.libc;

import java.util.Arrays;
import java.util.List;

import dev.mainloop.log.LogText;

/**
 * Thrown when a system call fails:
 * {@code epoll_ctl(3, EPOLL_CTL_ADD, 7): EPERM (Operation
 * not permitted)}.
 */
public class ErrnoException extends RuntimeException {

	private static final long serialVersionUID = 1L;

	private final String call;

	private final String[] arguments;

	private final int errno;

	/**
	 * Creates an exception for a call that failed.
	 * @param result the negative result of the call
	 * @param call the name of the call
	 * @param arguments its arguments as a reader should see them
	 */
	public ErrnoException(int result, String call, Object... arguments) {
		this(result, call, Arrays.stream(arguments).map(LogText::of).toArray(String[]::new));
	}

	private ErrnoException(int result, String call, String[] arguments) {
		super("%s(%s): %s (%s)".formatted(call, String.join(", ", arguments), Errno.name(-result),
				LibC.describe(-result)));
		this.call = call;
		this.arguments = arguments;
		this.errno = -result;
	}

	/**
	 * Returns the name of the system call.
	 * @return its name, such as {@code epoll_ctl}
	 */
	public String call() {
		return this.call;
	}

	/**
	 * Returns the arguments of the call, such as the path of {@code open}.
	 * @return them as the message shows them
	 */
	public List<String> arguments() {
		return List.of(this.arguments);
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

package dev.mainloop.fd;

import dev.mainloop.libc.ErrnoException;

/**
 * Thrown when the user of the process has as many inotify instances or watches as it may.
 */
public class InotifyLimitException extends ErrnoException {

	private static final long serialVersionUID = 1L;

	private final String limit;

	private final String value;

	/**
	 * Creates an exception for a call that failed.
	 * @param result the negative result of the call
	 * @param call the name of the call
	 * @param limit the name of the limit
	 * @param value the value of the limit
	 * @param arguments the arguments of the call as a reader should see them
	 */
	public InotifyLimitException(int result, String call, String limit, String value, Object... arguments) {
		super(result, call, arguments);
		this.limit = limit;
		this.value = value;
	}

	/**
	 * Returns the limit.
	 * @return its name, such as {@code fs.inotify.max_user_watches}
	 */
	public String limit() {
		return this.limit;
	}

	@Override
	public String getMessage() {
		return "%s: %s is %s, for all processes of the user".formatted(super.getMessage(), this.limit, this.value);
	}

}

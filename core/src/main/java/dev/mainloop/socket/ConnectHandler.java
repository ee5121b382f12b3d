package dev.mainloop.socket;

import dev.mainloop.libc.ErrnoException;

/**
 * Is told how an attempt to connect has ended, on the loop's thread.
 */
@FunctionalInterface
public interface ConnectHandler {

	/**
	 * Called once there is a connection.
	 * @param socket its socket, which is the handler's to close; it is closed if the
	 * handler throws
	 * @throws Exception if the connection cannot be handled
	 */
	void connected(StreamSocket socket) throws Exception;

	/**
	 * Called if there will be none. Unless this is overridden, that is an error.
	 * @param cause why: {@code ECONNREFUSED} where none listens, {@code ETIMEDOUT} after
	 * the time that was allowed, and others of {@code connect(2)}
	 * @throws Exception if that is an error
	 */
	default void failed(ErrnoException cause) throws Exception {
		throw cause;
	}

}

package dev.mainloop.socket;

/**
 * Is given the connections of an {@link Acceptor}, on the loop's thread.
 */
@FunctionalInterface
public interface AcceptHandler {

	/**
	 * Called for each connection.
	 * @param socket its socket, which is the handler's to close; it is closed if the
	 * handler throws
	 * @throws Exception if the connection cannot be handled
	 */
	void accepted(StreamSocket socket) throws Exception;

}

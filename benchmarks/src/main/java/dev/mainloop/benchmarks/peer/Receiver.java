package dev.mainloop.benchmarks.peer;

/**
 * A thread that handles messages. All that a JVM measures is to use one kind alone, so
 * that the calls of these methods cost nothing.
 */
public interface Receiver extends AutoCloseable {

	/** How many messages may wait. */
	int CAPACITY = 8192;

	/**
	 * Sends a message, from any thread.
	 * @return {@code false} if there was no room
	 */
	boolean offer();

	@Override
	void close();

}

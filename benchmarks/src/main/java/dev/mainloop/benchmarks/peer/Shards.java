package dev.mainloop.benchmarks.peer;

/**
 * Threads that handle orders, those of one customer one at a time.
 */
public interface Shards extends AutoCloseable {

	/**
	 * Sends an order to the thread that handles it, and does not wait.
	 * @param order the order
	 */
	void send(Order order);

	@Override
	void close();

}

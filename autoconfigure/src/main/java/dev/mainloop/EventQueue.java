package dev.mainloop;

/**
 * A bounded way for messages to a handler on the loop. Messages of one sender are handled
 * in the order in which it sent them. All methods may be called by any thread and never
 * wait.
 * <p>
 * A queue takes messages from its creation, also before the loop runs. It refuses those
 * of other threads once the loop is told to stop, until it is started again. One that it
 * took at that very moment may have to wait for the loop's next run; what waits when the
 * loop is closed is counted in the log.
 *
 * @param <T> the type of the messages
 */
public interface EventQueue<T> {

	/**
	 * Sends a message if the queue takes it.
	 * @param message the message
	 * @return {@code false} if the queue is full or closed or the loop is stopping
	 */
	boolean offer(T message);

	/**
	 * Sends a message.
	 * @param message the message
	 * @throws MessageRefusedException if the queue is full or closed or the loop is
	 * stopping
	 */
	void send(T message);

	/**
	 * Returns how many messages wait to be handled.
	 * @return the number, which may have changed already
	 */
	int size();

	/**
	 * Returns how many messages can wait.
	 * @return the bound of the queue
	 */
	int capacity();

	/**
	 * Tells whether the queue has ended, so that nothing sent to it will be taken again.
	 * @return {@code true} once it or its loop is closed
	 */
	boolean isClosed();

}

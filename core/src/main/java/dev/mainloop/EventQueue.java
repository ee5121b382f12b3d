package dev.mainloop;

import java.time.Duration;

/**
 * A bounded way for messages to a handler on the loop. All methods may be called by any
 * thread, and none waits but {@link #send(Object, Duration)}, and {@link #send(Object)}
 * where the queue is made to {@link Overflow#BLOCK}.
 *
 * <h2>Order</h2> Messages of one sender to one queue are handled in the order in which it
 * sent them, however many send. What one sender sends to several queues has no order
 * among the queues: the loop takes from them in turn, a batch from each, so that one that
 * is flooded does not keep another waiting for longer than its batch.
 *
 * <h2>Room</h2> A full queue lets nothing get lost unnoticed. {@link #offer} tells that
 * the message was not taken. {@link #send(Object)} does what the queue's {@link Overflow}
 * says, and what it drops is counted. {@link #send(Object, Duration)} waits for room. The
 * queue that is to {@link Overflow#DROP_OLDEST} makes room in all three, and counts.
 *
 * <h2>Life</h2> A queue takes messages from its creation, also before the loop runs. It
 * refuses those of other threads, also of those that wait, once the loop is told to stop,
 * until it is started again; those of loops that stop with it, see {@link MainLoopGroup},
 * it takes until they have all ended. What it took before is handled before the loop has
 * stopped, unless the queue is paused, the loop is closed, or handlers go on sending
 * messages, see {@link MainLoop#stop()}: what is left then is counted in the log.
 *
 * @param <T> the type of the messages
 */
public interface EventQueue<T> {

	/**
	 * Sends a message if the queue takes it at once.
	 * @param message the message
	 * @return {@code false} if the queue is full or closed or the loop is stopping
	 * @throws MessageRefusedException if it is known that no handler takes such a message
	 */
	boolean offer(T message);

	/**
	 * Sends a message. If the queue is full, its {@link Overflow} says what happens.
	 * @param message the message
	 * @throws MessageRefusedException if the queue is full and does not drop, or is
	 * closed or the loop is stopping, or it is known that no handler takes such a
	 * message, or the thread is interrupted while it waits, which it stays
	 */
	void send(T message);

	/**
	 * Sends a message, and waits for room in the queue if there is none. A handler, of
	 * any loop, would keep its own loop from going on meanwhile, for which the other may
	 * wait, and so is refused always, not only when the queue happens to be full.
	 * @param message the message
	 * @param timeout how long to wait at most; not at all if it is zero or less
	 * @throws MessageRefusedException if there has been no room until then, or the queue
	 * is closed or the loop is stopping, or it is known that no handler takes such a
	 * message, or the caller is a handler
	 * @throws InterruptedException if the thread is interrupted while it waits
	 */
	void send(T message, Duration timeout) throws InterruptedException;

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
	 * Returns how many messages the queue has dropped as it was full.
	 * @return the number since it was made, 0 unless its {@link Overflow} is to drop
	 */
	long dropped();

	/**
	 * Tells whether the queue has ended, so that nothing sent to it will be taken again.
	 * @return {@code true} once it or its loop is closed
	 */
	boolean isClosed();

}

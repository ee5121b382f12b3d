package dev.mainloop;

import java.time.Duration;
import java.util.concurrent.CompletionStage;

import org.jspecify.annotations.Nullable;

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
	 * Sends a message that is to be replied to, and waits for the reply no longer than is
	 * usual for the application.
	 * @param message the message
	 * @return the reply, see {@link #request(Object, Class, Duration)}
	 * @throws MessageRefusedException as the other does
	 * @throws UnsupportedOperationException as the other does
	 */
	default CompletionStage<@Nullable Object> request(T message) {
		throw unanswered();
	}

	/**
	 * Sends a message, as {@link #send(Object)} does, that is to be replied to. What has
	 * refused the message is thrown at once; what happens later completes the stage:
	 * <ul>
	 * <li>the reply,</li>
	 * <li>what the handler has thrown, of which the {@link ErrorHandler} is told as
	 * well,</li>
	 * <li>a {@link java.util.concurrent.TimeoutException}, also for a message that the
	 * full queue has dropped; a reply that comes later is ignored,</li>
	 * <li>a {@link ClassCastException} if the reply is of another type,</li>
	 * <li>a {@link java.util.concurrent.CancellationException} if the loop of the handler
	 * or that of the requester stops or closes before.</li>
	 * </ul>
	 * It is completed on the loop of the handler that has called this, or else on the
	 * loop that handles the message, or, once that has stopped, by the thread that has
	 * stopped it. It is a {@link LoopFuture}: no handler can wait for it.
	 * @param <R> the type of the reply
	 * @param message the message
	 * @param replyType the type of the reply; {@link Void} where there is none and only
	 * the end of the handler is waited for
	 * @param timeout how long to wait for the reply, by the clock of the loop
	 * @return the reply, {@code null} if the handler returns nothing
	 * @throws MessageRefusedException if {@code send} refuses the message, or not exactly
	 * one handler is to reply to it
	 * @throws UnsupportedOperationException if the handler of the queue returns nothing,
	 * as that of a {@link QueueSource}
	 */
	default <R> CompletionStage<@Nullable R> request(T message, Class<R> replyType, Duration timeout) {
		throw unanswered();
	}

	private UnsupportedOperationException unanswered() {
		return new UnsupportedOperationException(
				("The handler of the queue '%s' returns nothing, so that there is no reply: send the message, or request "
						+ "it from a queue of an @OnMessage(replies = true) method")
					.formatted(this));
	}

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

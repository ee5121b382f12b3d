package dev.mainloop.handler;

import dev.mainloop.EventQueue;
import dev.mainloop.MessageRefusedException;
import dev.mainloop.QueueSource;

/**
 * A queue as those see it who keep messages until it has room for them, and do not wait.
 *
 * @param <T> the type that the messages are sent as
 */
interface OutgoingQueue<T> extends EventQueue<T> {

	/**
	 * Tells how many messages there is room for, whichever loop each of them is for.
	 * @param whenRoom what to call when there is room if there is none, at least once,
	 * see {@link QueueSource#room(Runnable)}
	 * @return the number, 0 if the call will be made
	 * @throws MessageRefusedException if the queue is closed
	 */
	int room(Runnable whenRoom);

	/**
	 * Makes a message ready to be sent to the loops that are to get it.
	 * @param message the message
	 * @return the message on its way
	 * @throws MessageRefusedException if no method takes it
	 */
	Parcel parcel(T message);

}

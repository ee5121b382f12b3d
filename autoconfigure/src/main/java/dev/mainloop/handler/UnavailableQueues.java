package dev.mainloop.handler;

import dev.mainloop.EventQueue;

import org.springframework.core.ResolvableType;

/**
 * The queues on a host without a main loop, each of which takes no message.
 */
public final class UnavailableQueues {

	private final String cause;

	/**
	 * Creates the queues.
	 * @param cause why there is no main loop
	 */
	public UnavailableQueues(String cause) {
		this.cause = cause;
	}

	/**
	 * Returns a queue.
	 * @param name its name
	 * @param type the type of its messages
	 * @param requester who asks for it
	 * @return the queue
	 */
	public EventQueue<?> get(String name, ResolvableType type, String requester) {
		return new UnavailableQueue<>(this.cause);
	}

}

package dev.mainloop.handler;

import java.time.Duration;

import dev.mainloop.EventQueue;
import dev.mainloop.MessageRefusedException;
import dev.mainloop.log.LogText;

/**
 * A queue on a host without a main loop, which takes no message.
 *
 * @param <T> the type of the messages
 */
public final class UnavailableQueue<T> implements EventQueue<T> {

	private final String cause;

	/**
	 * Creates a queue.
	 * @param cause why there is no main loop
	 */
	public UnavailableQueue(String cause) {
		this.cause = cause;
	}

	@Override
	public boolean offer(T message) {
		return false;
	}

	@Override
	public void send(T message) {
		throw new MessageRefusedException(
				"There is no main loop to take %s: %s".formatted(LogText.of(message), this.cause));
	}

	@Override
	public void send(T message, Duration timeout) {
		send(message);
	}

	@Override
	public int size() {
		return 0;
	}

	@Override
	public int capacity() {
		return 0;
	}

	@Override
	public long dropped() {
		return 0;
	}

	@Override
	public boolean isClosed() {
		return true;
	}

}

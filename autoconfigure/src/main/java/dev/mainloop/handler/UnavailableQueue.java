package dev.mainloop.handler;

import java.time.Duration;
import java.util.concurrent.CompletionStage;

import dev.mainloop.EventQueue;
import dev.mainloop.MessageRefusedException;
import dev.mainloop.log.LogText;
import org.jspecify.annotations.Nullable;

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
		throw refused(message);
	}

	private MessageRefusedException refused(T message) {
		return new MessageRefusedException(
				"There is no main loop to take %s: %s".formatted(LogText.of(message), this.cause));
	}

	@Override
	public void send(T message, Duration timeout) {
		send(message);
	}

	@Override
	public CompletionStage<@Nullable Object> request(T message) {
		throw refused(message);
	}

	@Override
	public <R> CompletionStage<@Nullable R> request(T message, Class<R> replyType, Duration timeout) {
		throw refused(message);
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

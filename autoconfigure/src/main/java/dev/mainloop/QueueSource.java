package dev.mainloop;

import java.util.Queue;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * An {@link EventQueue} and the event source that takes its messages to their handler.
 * Paused, it keeps the messages that wait and takes more until it is full.
 * <p>
 * A queue with messages has a place in the loop's list of ready queues. The sender that
 * finds it without one puts it there and wakes the loop; the others only add their
 * message. The loop gives the place up before it looks for a message the last time, so
 * that either it finds the message or the sender finds the place free. Both are volatile.
 *
 * @param <T> the type of the messages
 */
public final class QueueSource<T> extends EventSource implements EventQueue<T> {

	private final Queue<T> messages;

	private final int capacity;

	private final MessageHandler<? super T> handler;

	/**
	 * Whether it has its place in the list of ready queues, or had it when it was paused.
	 */
	private final AtomicBoolean ready = new AtomicBoolean();

	/** Whether it left the list with its place kept; owned by the loop's thread. */
	private boolean parked;

	QueueSource(MainLoop loop, String description, Queue<T> messages, int capacity, MessageHandler<? super T> handler) {
		super(loop, description);
		this.messages = messages;
		this.capacity = capacity;
		this.handler = handler;
	}

	@Override
	public boolean offer(T message) {
		return !isClosed() && loop().accepts() && add(message);
	}

	@Override
	public void send(T message) {
		if (isClosed()) {
			throw new MessageRefusedException("The queue '%s' is closed and takes no %s".formatted(this, message));
		}
		if (!loop().accepts()) {
			throw new MessageRefusedException("The main loop %s, and the queue '%s' takes no %s"
				.formatted((loop().failure() != null) ? "has failed" : "is stopping", this, message));
		}
		if (!add(message)) {
			throw new MessageRefusedException(("The queue '%s' is full with %d messages and does not take %s: "
					+ "its handler is too slow for its senders, or its capacity too small for their bursts")
				.formatted(this, this.capacity, message));
		}
	}

	/**
	 * Adds a message whatever the state of the loop, for its own use.
	 */
	boolean add(T message) {
		if (!this.messages.offer(message)) {
			return false;
		}
		if (!this.ready.get() && this.ready.compareAndSet(false, true)) {
			loop().ready(this);
		}
		return true;
	}

	@Override
	public int size() {
		return this.messages.size();
	}

	@Override
	public int capacity() {
		return this.capacity;
	}

	@Override
	public boolean isClosed() {
		return state() == State.CLOSED;
	}

	/** Whether there are messages that can be handled. */
	boolean hasWork() {
		return isEnabled() && !this.messages.isEmpty();
	}

	/**
	 * Handles messages, on the loop's thread.
	 * @param budget how many at most
	 * @return {@code true} if more may be there
	 */
	boolean drain(int budget) {
		for (int i = 0; i < budget; i++) {
			if (!isEnabled() || loop().isClosing()) {
				this.parked = true;
				return false;
			}
			T message = this.messages.poll();
			if (message == null) {
				this.ready.set(false);
				return !this.messages.isEmpty() && this.ready.compareAndSet(false, true);
			}
			dispatch(message);
		}
		return true;
	}

	private void dispatch(T message) {
		try {
			this.handler.handle(message);
			succeeded();
		}
		catch (Throwable ex) {
			loop().errors().happened(this, message, ex);
		}
	}

	@Override
	void paused() {
	}

	@Override
	void resumed() {
		loop().onLoop(() -> {
			if (this.parked) {
				this.parked = false;
				loop().ready(this);
			}
		});
	}

	@Override
	void closed() {
		loop().queueClosed(this);
	}

}

package dev.mainloop;

import java.lang.invoke.VarHandle;
import java.time.Duration;
import java.util.Queue;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;

import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;

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

	private static final Log logger = LogFactory.getLog(QueueSource.class);

	private final Queue<T> messages;

	private final int capacity;

	private final Overflow overflow;

	private final MessageHandler<? super T> handler;

	/**
	 * Whether it has its place in the list of ready queues, or had it when it was paused.
	 */
	private final AtomicBoolean ready = new AtomicBoolean();

	private final WaitingSenders waitingSenders = new WaitingSenders();

	private final AtomicLong dropped = new AtomicLong();

	/** Whether it left the list with its place kept; owned by the loop's thread. */
	private boolean parked;

	/**
	 * Creates a queue.
	 * @param loop its loop
	 * @param description what log lines call it
	 * @param messages those that wait; where it is to drop the oldest, any thread takes
	 * from it
	 * @param capacity how many they can be
	 * @param overflow what to do when they are as many
	 * @param handler the handler of its messages
	 */
	QueueSource(MainLoop loop, String description, Queue<T> messages, int capacity, Overflow overflow,
			MessageHandler<? super T> handler) {
		super(loop, description);
		this.messages = messages;
		this.capacity = capacity;
		this.overflow = overflow;
		this.handler = handler;
	}

	@Override
	public boolean offer(T message) {
		return !isClosed() && loop().accepts() && add(message);
	}

	@Override
	public void send(T message) {
		if (addIfOpen(message)) {
			return;
		}
		if (this.overflow == Overflow.DROP_NEWEST) {
			drop();
		}
		else if (this.overflow == Overflow.BLOCK && mayWait()) {
			block(message);
		}
		else {
			throw full(message);
		}
	}

	/**
	 * Whether room can be made while the calling thread waits: neither by that thread
	 * itself, nor by a loop that it may have yet to run.
	 */
	private boolean mayWait() {
		return !loop().isLoopThread() && loop().thread() != null;
	}

	private void block(T message) {
		try {
			addWhenRoom(message, Long.MAX_VALUE);
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
			throw new MessageRefusedException(
					"The thread was interrupted while it waited for room in the queue '%s' for %s".formatted(this,
							message));
		}
	}

	@Override
	public void send(T message, Duration timeout) throws InterruptedException {
		if (loop().isLoopThread()) {
			throw new MessageRefusedException(("A handler cannot wait for room in the queue '%s', "
					+ "which is made on its own thread, and so does not send %s: send it without a time-out")
				.formatted(this, message));
		}
		if (!addIfOpen(message)) {
			addWhenRoom(message, Nanos.of(timeout));
		}
	}

	private void addWhenRoom(T message, long nanos) throws InterruptedException {
		if (!this.waitingSenders.await(() -> addIfOpen(message), nanos)) {
			throw full(message);
		}
	}

	private MessageRefusedException full(T message) {
		return new MessageRefusedException(("The queue '%s' is full with %d messages and does not take %s: "
				+ "its handler is too slow for its senders, or its capacity too small for their bursts")
			.formatted(this, this.capacity, message));
	}

	private boolean addIfOpen(T message) {
		if (isClosed()) {
			throw new MessageRefusedException("The queue '%s' is closed and takes no %s".formatted(this, message));
		}
		if (!loop().accepts()) {
			throw new MessageRefusedException("The main loop %s, and the queue '%s' takes no %s"
				.formatted((loop().failure() != null) ? "has failed" : "is stopping", this, message));
		}
		return add(message);
	}

	/**
	 * Adds a message whatever the state of the loop, for its own use.
	 */
	boolean add(T message) {
		if (!this.messages.offer(message) && !addInsteadOfOldest(message)) {
			return false;
		}
		if (!this.ready.get() && this.ready.compareAndSet(false, true)) {
			loop().ready(this);
		}
		return true;
	}

	private boolean addInsteadOfOldest(T message) {
		if (this.overflow != Overflow.DROP_OLDEST) {
			return false;
		}
		do {
			if (this.messages.poll() != null) {
				drop();
			}
		}
		while (!this.messages.offer(message));
		return true;
	}

	private void drop() {
		if (this.dropped.getAndIncrement() == 0) {
			logger.warn(("The queue '%s' is full with %d messages and drops its %s; what it drops from now on is only "
					+ "counted: its handler is too slow for its senders, or its capacity too small for their bursts")
				.formatted(this, this.capacity, (this.overflow == Overflow.DROP_OLDEST) ? "oldest" : "newest"));
		}
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
	public long dropped() {
		return this.dropped.get();
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
		boolean more = handle(budget);
		this.waitingSenders.wake();
		return more;
	}

	private boolean handle(int budget) {
		for (int i = 0; i < budget; i++) {
			if (!isEnabled() || loop().isClosing()) {
				this.parked = true;
				VarHandle.fullFence(); // for the look at those that wait
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

	/** Has the senders that wait find out that the loop has changed its state. */
	void wakeSenders() {
		this.waitingSenders.wake();
	}

	@Override
	void closed() {
		wakeSenders();
		loop().queueClosed(this);
	}

}

package dev.mainloop.handler;

import java.time.Duration;
import java.util.concurrent.CompletionStage;

import dev.mainloop.MessageRefusedException;
import dev.mainloop.QueueSource;
import org.jspecify.annotations.Nullable;

/**
 * A queue as those see it who send messages of one type: a message that no method takes
 * is refused at once.
 *
 * @param <T> the type that the messages are sent as
 */
final class TypedQueue<T> implements OutgoingQueue<T> {

	private final QueueSource<Object> queue;

	private final MessageRoute route;

	private final OutgoingMessages outgoing;

	private final LoopResults results;

	private final boolean labelled;

	/**
	 * Creates a view of a queue.
	 * @param queue the queue
	 * @param route where its messages of this type go
	 * @param outgoing makes the messages ready for the queue
	 * @param results begins requests
	 * @param labelled whether they carry their type with them, as others in the queue
	 * have the same class and another type
	 */
	TypedQueue(QueueSource<Object> queue, MessageRoute route, OutgoingMessages outgoing, LoopResults results,
			boolean labelled) {
		this.queue = queue;
		this.route = route;
		this.outgoing = outgoing;
		this.results = results;
		this.labelled = labelled;
	}

	/**
	 * Makes a message ready to be sent.
	 * @throws MessageRefusedException if no method takes it
	 */
	private Object outgoing(T message) {
		this.route.requireHandler(message);
		return outgoing(message, null);
	}

	private Object outgoing(T message, @Nullable Request<?> request) {
		return this.outgoing.of(message, this.labelled ? this.route : null, request);
	}

	@Override
	public boolean offer(T message) {
		return this.queue.offer(outgoing(message));
	}

	@Override
	public void send(T message) {
		this.queue.send(outgoing(message));
	}

	@Override
	public void send(T message, Duration timeout) throws InterruptedException {
		this.queue.send(outgoing(message), timeout);
	}

	@Override
	public CompletionStage<@Nullable Object> request(T message) {
		return request(message, Object.class, this.results.requestTimeout());
	}

	@Override
	@SuppressWarnings("NullAway") // loses that R is nullable
	public <R> CompletionStage<@Nullable R> request(T message, Class<R> replyType, Duration timeout) {
		this.route.requireReply(message);
		Request<R> request = this.results.request(toString(), message, replyType, timeout, this.route.requests());
		return request.sent(() -> {
			this.queue.send(outgoing(message, request));
			return true;
		});
	}

	@Override
	public int room(Runnable whenRoom) {
		return this.queue.room(whenRoom);
	}

	@Override
	public Parcel parcel(T message) {
		Parcel parcel = new Parcel();
		parcel.add(this.queue, outgoing(message));
		return parcel;
	}

	@Override
	public int size() {
		return this.queue.size();
	}

	@Override
	public int capacity() {
		return this.queue.capacity();
	}

	@Override
	public long dropped() {
		return this.queue.dropped();
	}

	@Override
	public boolean isClosed() {
		return this.queue.isClosed();
	}

	@Override
	public String toString() {
		return this.queue.toString();
	}

}

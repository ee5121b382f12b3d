package dev.mainloop.handler;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.function.ToLongFunction;

import dev.mainloop.MessageRefusedException;
import dev.mainloop.QueueSource;
import dev.mainloop.log.LogText;
import org.jspecify.annotations.Nullable;

/**
 * A queue whose messages go to several loops, as those see it who send messages of one
 * type. Each loop has a queue of its own for them, and the sender puts a message into
 * those that are to get it.
 *
 * @param <T> the type that the messages are sent as
 */
final class DistributedQueue<T> implements OutgoingQueue<T> {

	private static final Sending<RuntimeException> offering = QueueSource::offer;

	private static final Sending<RuntimeException> sending = (queue, message) -> {
		queue.send(message);
		return true;
	};

	private final Branch[] branches;

	private final OutgoingMessages outgoing;

	private final LoopResults results;

	private final boolean labelled;

	/**
	 * Creates a view of several queues.
	 * @param branches the queues, one branch for each group of loops
	 * @param outgoing makes the messages ready for them
	 * @param results begins requests
	 * @param labelled whether the messages carry their type with them
	 */
	DistributedQueue(List<Branch> branches, OutgoingMessages outgoing, LoopResults results, boolean labelled) {
		this.branches = branches.toArray(Branch[]::new);
		this.outgoing = outgoing;
		this.results = results;
		this.labelled = labelled;
	}

	@Override
	public boolean offer(T message) {
		return send(message, offering);
	}

	@Override
	public void send(T message) {
		send(message, sending);
	}

	@Override
	public void send(T message, Duration timeout) throws InterruptedException {
		long start = System.nanoTime();
		this.<InterruptedException>send(message, (queue, ready) -> {
			queue.send(ready, timeout.minusNanos(System.nanoTime() - start));
			return true;
		});
	}

	private <X extends Exception> boolean send(T message, Sending<X> how) throws X {
		Branch first = this.branches[0];
		if (this.branches.length == 1) {
			Choice choice = first.choice(message);
			requireReceiver(!choice.none(), message);
			if (!choice.each()) {
				return send(message, how, first, choice, first.choose(choice, message));
			}
		}
		return sendToSeveral(message, how);
	}

	/** Sends to one loop of a branch. */
	private <X extends Exception> boolean send(T message, Sending<X> how, Branch branch, Choice choice, int index)
			throws X {
		int count = branch.sources().size();
		for (int i = 0; choice.isTurn() && i < count; i++) {
			int next = (index + i) % count;
			if (branch.sources().get(next).offer(ready(message, branch, next))) {
				return true;
			}
		}
		return how.send(branch.sources().get(index), ready(message, branch, index));
	}

	/** Sends to every loop that is to get it, after each is known. */
	private <X extends Exception> boolean sendToSeveral(T message, Sending<X> how) throws X {
		Choice[] choices = new Choice[this.branches.length];
		int[] indexes = new int[this.branches.length];
		choose(message, choices, indexes);
		Delivery delivery = new Delivery();
		for (int i = 0; i < this.branches.length; i++) {
			Branch branch = this.branches[i];
			Choice choice = choices[i];
			if (choice.each()) {
				for (int index = 0; index < branch.sources().size(); index++) {
					int loop = index;
					delivery.<X>add(() -> how.send(branch.sources().get(loop), ready(message, branch, loop)));
				}
			}
			else if (!choice.none()) {
				int index = indexes[i];
				delivery.<X>add(() -> send(message, how, branch, choice, index));
			}
		}
		return delivery.isWhole();
	}

	/** Chooses how each branch gets a message, and the loop that it has then. */
	private void choose(T message, Choice[] choices, int[] indexes) {
		boolean any = false;
		for (int i = 0; i < this.branches.length; i++) {
			choices[i] = this.branches[i].choice(message);
			indexes[i] = this.branches[i].choose(choices[i], message);
			any |= !choices[i].none();
		}
		requireReceiver(any, message);
	}

	@Override
	public Parcel parcel(T message) {
		Choice[] choices = new Choice[this.branches.length];
		int[] indexes = new int[this.branches.length];
		choose(message, choices, indexes);
		Parcel parcel = new Parcel();
		for (int i = 0; i < this.branches.length; i++) {
			if (!choices[i].none()) {
				add(parcel, message, this.branches[i], choices[i], indexes[i]);
			}
		}
		return parcel;
	}

	private void add(Parcel parcel, T message, Branch branch, Choice choice, int index) {
		List<QueueSource<Object>> sources = new ArrayList<>();
		List<Object> messages = new ArrayList<>();
		int count = branch.sources().size();
		for (int i = 0; i < count; i++) {
			int next = (index + i) % count;
			sources.add(branch.sources().get(next));
			messages.add(ready(message, branch, next));
		}
		if (choice.isTurn()) {
			parcel.addOneOf(sources, messages);
			return;
		}
		for (int i = 0; i < (choice.each() ? count : 1); i++) {
			parcel.add(sources.get(i), messages.get(i));
		}
	}

	/** As much as all branches have room for. */
	@Override
	public int room(Runnable whenRoom) {
		int room = Integer.MAX_VALUE;
		for (Branch branch : this.branches) {
			room = Math.min(room, branch.room(whenRoom));
		}
		return room;
	}

	private Object ready(T message, Branch branch, int index) {
		return ready(message, branch, index, null);
	}

	private Object ready(T message, Branch branch, int index, @Nullable Request<?> request) {
		return this.outgoing.of(message, this.labelled ? branch.routes().get(index) : null, request);
	}

	@Override
	public CompletionStage<@Nullable Object> request(T message) {
		return request(message, Object.class, this.results.requestTimeout());
	}

	@Override
	@SuppressWarnings("NullAway") // loses that R is nullable
	public <R> CompletionStage<@Nullable R> request(T message, Class<R> replyType, Duration timeout) {
		Branch branch = onlyBranch(message);
		Choice choice = branch.choice(message);
		if (choice.each()) {
			throw severalLoops(message);
		}
		branch.routes().get(0).requireReply(message);
		int index = branch.choose(choice, message);
		int count = branch.sources().size();
		for (int i = 0; choice.isTurn() && i < count; i++) {
			CompletionStage<@Nullable R> reply = offered(message, replyType, timeout, branch, (index + i) % count);
			if (reply != null) {
				return reply;
			}
		}
		Request<R> request = request(message, replyType, timeout, branch, index);
		return request.sent(() -> sending.send(branch.sources().get(index), ready(message, branch, index, request)));
	}

	/** Returns the reply of a loop, {@code null} if it does not take the message. */
	@SuppressWarnings("NullAway") // loses that R is nullable
	private <R> @Nullable CompletionStage<@Nullable R> offered(T message, Class<R> replyType, Duration timeout,
			Branch branch, int index) {
		Request<R> request = request(message, replyType, timeout, branch, index);
		boolean[] taken = new boolean[1];
		CompletionStage<@Nullable R> reply = request.sent(() -> {
			taken[0] = branch.sources().get(index).offer(ready(message, branch, index, request));
			return taken[0];
		});
		return taken[0] ? reply : null;
	}

	private <R> Request<R> request(T message, Class<R> replyType, Duration timeout, Branch branch, int index) {
		return this.results.request(toString(), message, replyType, timeout, branch.routes().get(index).requests());
	}

	/** Returns the one group of loops that is to get a message. */
	private Branch onlyBranch(T message) {
		Branch only = null;
		for (Branch branch : this.branches) {
			if (!branch.choice(message).none()) {
				if (only != null) {
					throw severalLoops(message);
				}
				only = branch;
			}
		}
		if (only == null) {
			throw this.branches[0].routes().get(0).noMethod(message);
		}
		return only;
	}

	private MessageRefusedException severalLoops(T message) {
		return new MessageRefusedException(
				("The queue '%s' brings %s to several loops, and a request has one reply: have one loop take it, by its "
						+ "turn or by a key, or give the method that replies a queue of its own")
					.formatted(this, LogText.of(message)));
	}

	private void requireReceiver(boolean any, T message) {
		if (!any) {
			throw this.branches[0].routes().get(0).noMethod(message);
		}
	}

	@Override
	public int size() {
		return Math.toIntExact(Math.min(Integer.MAX_VALUE, sum(QueueSource::size)));
	}

	@Override
	public int capacity() {
		return Math.toIntExact(Math.min(Integer.MAX_VALUE, sum(QueueSource::capacity)));
	}

	@Override
	public long dropped() {
		return sum(QueueSource::dropped);
	}

	private long sum(ToLongFunction<QueueSource<Object>> number) {
		long sum = 0;
		for (Branch branch : this.branches) {
			sum += branch.sources().stream().mapToLong(number).sum();
		}
		return sum;
	}

	@Override
	public boolean isClosed() {
		for (Branch branch : this.branches) {
			if (!branch.sources().stream().allMatch(QueueSource::isClosed)) {
				return false;
			}
		}
		return true;
	}

	@Override
	public String toString() {
		return this.branches[0].routes().get(0).description();
	}

	/**
	 * A way to send a message to one loop.
	 *
	 * @param <X> what it may throw
	 */
	@FunctionalInterface
	private interface Sending<X extends Exception> {

		/**
		 * Sends the message.
		 * @return {@code false} if it is not taken
		 * @throws X if it is not taken and that is to be told so
		 */
		boolean send(QueueSource<Object> queue, Object message) throws X;

	}

	/**
	 * One of the deliveries of a message.
	 *
	 * @param <X> what it may throw
	 */
	@FunctionalInterface
	private interface Part<X extends Exception> {

		boolean send() throws X;

	}

	/** What has become of a message on its several ways. */
	private static final class Delivery {

		private int taken;

		private int parts;

		private @Nullable MessageRefusedException refusal;

		<X extends Exception> void add(Part<X> part) throws X {
			this.parts++;
			try {
				this.taken += part.send() ? 1 : 0;
			}
			catch (MessageRefusedException ex) {
				this.refusal = ex;
			}
		}

		/**
		 * Tells whether all have taken it.
		 * @throws MessageRefusedException if one has refused it
		 */
		boolean isWhole() {
			MessageRefusedException refused = this.refusal;
			if (refused == null) {
				return this.taken == this.parts;
			}
			throw (this.taken == 0) ? refused
					: new MessageRefusedException("%s; %d of the %d loops that are to get it have taken it"
						.formatted(refused.getMessage(), this.taken, this.parts));
		}

	}

}

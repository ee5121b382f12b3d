package dev.mainloop;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

import dev.mainloop.libc.StackReserve;
import org.jspecify.annotations.Nullable;

/**
 * The queues of a loop, and the turns that those with messages take.
 * <p>
 * A queue with messages has claimed its {@link Turn}. The sender that claims it leaves it
 * in the inbox and wakes the loop; the others only add their message. The loop gives the
 * turn up before it looks for a message the last time, so that either it finds the
 * message or the sender finds the turn free. Both are volatile. The turns that the loop
 * has taken from the inbox wait in a list of its own, in which a queue that has used up
 * its batch comes last.
 */
final class Queues {

	private final Loop loop;

	private final Set<QueueSource<?>> queues = ConcurrentHashMap.newKeySet();

	private final Inbox arrivals = new Inbox();

	/** The turns that wait, owned by the loop's thread. */
	private @Nullable Turn first;

	private @Nullable Turn last;

	/**
	 * Whether queues that are made now are shut, or sealed; guarded by this object.
	 */
	private boolean shut;

	private boolean sealed;

	Queues(Loop loop) {
		this.loop = loop;
	}

	synchronized void add(QueueSource<?> queue) {
		this.loop.requireUsable();
		this.queues.add(queue);
		if (this.sealed) {
			queue.seal();
		}
		else if (this.shut) {
			queue.shut();
		}
	}

	void remove(QueueSource<?> queue) {
		this.queues.remove(queue);
	}

	/**
	 * Has the queues refuse the messages of other threads than the loop's and those of
	 * loops that stop with it.
	 */
	synchronized void shut() {
		this.shut = true;
		this.queues.forEach(QueueSource::shut);
	}

	/** Has the queues refuse the messages of other threads than the loop's. */
	synchronized void seal() {
		this.sealed = true;
		this.queues.forEach(QueueSource::seal);
	}

	/** Has the queues take the messages of all threads again. */
	synchronized void open() {
		this.shut = false;
		this.sealed = false;
		this.queues.forEach(QueueSource::open);
	}

	/** Has the queues refuse all messages for good. */
	synchronized void end() {
		this.queues.forEach(QueueSource::end);
	}

	/** Closes the queues, and tells of the messages that are left in them. */
	void close() {
		this.queues.forEach((queue) -> {
			queue.close();
			queue.tellLeft();
		});
	}

	/** Lists the queues, by their descriptions. */
	List<QueueSource<?>> list() {
		List<QueueSource<?>> list = new ArrayList<>(this.queues);
		list.sort(Comparator.comparing(EventSource::description));
		return list;
	}

	/** Lists the queues with messages that can be handled, or will be. */
	List<QueueSource<?>> busy() {
		return this.queues.stream().filter(QueueSource::hasWork).toList();
	}

	/** Lists the queues with messages that were to be handled before a stop. */
	List<QueueSource<?>> unfinished() {
		return this.queues.stream().filter(QueueSource::isUnfinished).toList();
	}

	/** Whether messages wait that can be handled, or will be. */
	boolean hasWork() {
		for (QueueSource<?> queue : this.queues) {
			if (queue.hasWork()) {
				return true;
			}
		}
		return false;
	}

	/** Notes what waits in the queues, on the loop's thread. */
	void beginRound() {
		this.queues.forEach(QueueSource::beginRound);
	}

	/**
	 * Returns how much of what was noted last is to be handled in the queue that has the
	 * most of it, asked on the loop's thread.
	 * @return the number, 0 if the round is over
	 */
	long leftInRound() {
		long most = 0;
		for (QueueSource<?> queue : this.queues) {
			most = Math.max(most, queue.leftInRound());
		}
		return most;
	}

	/**
	 * Has the loop come to a queue, unless it is about to. The stack that this takes is
	 * there before the turn is claimed, as a turn that was claimed and not left in the
	 * inbox would be lost.
	 * @param reserved whether the caller has made sure of that
	 */
	void ready(Turn turn, boolean reserved) {
		if (!turn.isClaimed()) {
			if (!reserved) {
				StackReserve.requireSome();
			}
			if (this.arrivals.add(turn)) {
				this.loop.wakeUp();
			}
		}
	}

	/** Whether a queue waits for its turn, asked on the loop's thread. */
	boolean hasReady() {
		return this.first != null || !this.arrivals.isEmpty();
	}

	/**
	 * Gives all queues with messages their turn, also those whose senders have not come
	 * to it.
	 * @return {@code false} if no queue has a message that can be handled, or will be
	 */
	boolean claimTurns() {
		boolean work = false;
		for (QueueSource<?> queue : this.queues) {
			if (queue.hasWork()) {
				work = true;
				if (queue.turn().claim()) {
					append(queue.turn());
				}
			}
		}
		return work;
	}

	/**
	 * Gives each queue that waits one turn, as far as the slice has time for.
	 * @param budget how many messages a turn has
	 * @param slice ends the last turn in time
	 */
	void drain(int budget, TimeSlice slice) {
		takeArrivals();
		Turn end = this.last;
		Turn turn = null;
		while (turn != end && !slice.isOver() && !this.loop.isOver()) {
			turn = removeFirst();
			boolean keeps = true;
			try {
				keeps = turn.queue.drain(budget, slice);
			}
			finally {
				if (keeps) {
					append(turn);
				}
			}
		}
	}

	/** Gives a queue that was paused during its turn another. */
	void resume(Turn turn) {
		append(turn);
	}

	private void takeArrivals() {
		Link arrived = this.arrivals.takeAll();
		while (arrived != null) {
			Link following = arrived.next;
			append((Turn) arrived);
			arrived = following;
		}
	}

	private void append(Turn turn) {
		turn.next = null;
		if (this.last != null) {
			this.last.next = turn;
		}
		else {
			this.first = turn;
		}
		this.last = turn;
	}

	private Turn removeFirst() {
		Turn turn = this.first;
		assert turn != null;
		this.first = (Turn) turn.next;
		if (this.first == null) {
			this.last = null;
		}
		return turn;
	}

	/** The turn of a queue. */
	static final class Turn extends Link {

		final QueueSource<?> queue;

		Turn(QueueSource<?> queue) {
			this.queue = queue;
		}

	}

}

package dev.mainloop.handler;

import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;

import dev.mainloop.EventSource;
import dev.mainloop.MessageRefusedException;
import dev.mainloop.QueueSource;
import org.jspecify.annotations.Nullable;

/**
 * A message on its way to one queue or several, which is kept by its sender until all
 * have had room for it. For one thread.
 */
final class Parcel {

	private final List<Part> parts = new ArrayList<>(1);

	private @Nullable MessageRefusedException refusal;

	/**
	 * Adds a queue that is to get the message.
	 * @param queue the queue
	 * @param message the message as it is to carry it
	 */
	void add(QueueSource<Object> queue, Object message) {
		this.parts.add(new Part(List.of(queue), List.of(message)));
	}

	/**
	 * Adds queues of which any one is to get the message.
	 * @param queues the queues, in the order in which they are to be asked
	 * @param messages the message as each of them is to carry it
	 */
	void addOneOf(List<QueueSource<Object>> queues, List<Object> messages) {
		this.parts.add(new Part(queues, messages));
	}

	/**
	 * Brings the message to the queues that have not got it yet.
	 * @param whenRoom what to call when there is room, see
	 * {@link QueueSource#offer(Object, Runnable)}
	 * @return {@code false} if a queue is full, and the call will be made
	 * @throws MessageRefusedException if a queue does not take it, and no other is waited
	 * for
	 */
	boolean isDelivered(Runnable whenRoom) {
		for (Iterator<Part> left = this.parts.iterator(); left.hasNext();) {
			if (isDone(left.next(), whenRoom)) {
				left.remove();
			}
		}
		MessageRefusedException refused = this.refusal;
		if (this.parts.isEmpty() && refused != null) {
			throw refused;
		}
		return this.parts.isEmpty();
	}

	private boolean isDone(Part part, Runnable whenRoom) {
		try {
			return part.isDelivered(whenRoom);
		}
		catch (MessageRefusedException ex) {
			this.refusal = ex;
			return true;
		}
	}

	/** Whether a queue that has no room is to have some, as its handlers are called. */
	boolean isRoomExpected() {
		return this.parts.stream().anyMatch(Part::isRoomExpected);
	}

	/**
	 * The way to one of several queues.
	 *
	 * @param queues the queues
	 * @param messages the message as each of them is to carry it
	 */
	private record Part(List<QueueSource<Object>> queues, List<Object> messages) {

		boolean isDelivered(Runnable whenRoom) {
			for (int i = 0; i < this.queues.size(); i++) {
				if (this.queues.get(i).offer(this.messages.get(i), whenRoom)) {
					return true;
				}
			}
			return false;
		}

		boolean isRoomExpected() {
			return this.queues.stream().anyMatch((queue) -> queue.state() == EventSource.State.ENABLED);
		}

	}

}

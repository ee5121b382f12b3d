package dev.mainloop.handler;

import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

import dev.mainloop.MessageRefusedException;
import dev.mainloop.QueueSource;
import org.jspecify.annotations.Nullable;

import org.springframework.core.ResolvableType;

/**
 * The part of a queue that goes to one group of loops: a queue of the same name on each.
 * May be used by any thread.
 */
final class Branch {

	private final ResolvableType type;

	private final List<Receiver> receivers;

	private final List<QueueSource<Object>> sources;

	private final List<MessageRoute> routes;

	private final Map<Class<?>, Choice> choices = new ConcurrentHashMap<>();

	/**
	 * The choice for the class that was sent first, which is most often the only one.
	 * Threads that race for it may each put their own, and read any of them whole.
	 */
	private @Nullable Known first;

	private final Turns turns = new Turns();

	/**
	 * Creates a branch.
	 * @param type the type that the messages are sent as
	 * @param receivers the methods of the group that may take some of them
	 * @param sources the queues, one for each loop
	 * @param routes where the messages go on each loop
	 */
	Branch(ResolvableType type, List<Receiver> receivers, List<QueueSource<Object>> sources,
			List<MessageRoute> routes) {
		this.type = type;
		this.receivers = List.copyOf(receivers);
		this.sources = List.copyOf(sources);
		this.routes = List.copyOf(routes);
	}

	List<QueueSource<Object>> sources() {
		return this.sources;
	}

	List<MessageRoute> routes() {
		return this.routes;
	}

	/**
	 * Tells how to choose the loops for a message.
	 * @param message the message
	 * @return the choice
	 * @throws dev.mainloop.MessageRefusedException if the methods do not agree
	 */
	Choice choice(Object message) {
		Class<?> messageClass = message.getClass();
		Known known = this.first;
		if (known != null && known.messageClass == messageClass) {
			return known.choice;
		}
		Choice choice = this.choices.get(messageClass);
		if (choice == null) {
			choice = this.choices.computeIfAbsent(messageClass, this::workOut);
		}
		if (known == null) {
			this.first = new Known(messageClass, choice);
		}
		return choice;
	}

	private Choice workOut(Class<?> messageClass) {
		return Choice.ofSent(this.receivers.stream()
			.filter((receiver) -> receiver.payload().accepts(this.type, messageClass))
			.toList());
	}

	/**
	 * Chooses the loop that gets a message, or is asked first.
	 * @param choice how to choose
	 * @param message the message
	 * @return its index
	 * @throws MessageRefusedException if the key of the message cannot be worked out
	 */
	int choose(Choice choice, Object message) {
		int count = this.sources.size();
		return (count == 1 || choice.none() || choice.each()) ? 0 : choice.one(message, count, this.turns);
	}

	/**
	 * Tells how many messages there is room for: on all loops, where these have their
	 * turns, and otherwise on the one that has the least.
	 * @param whenRoom what to call when there is room if there is none
	 * @return the number
	 */
	int room(Runnable whenRoom) {
		boolean turns = this.receivers.stream().allMatch((receiver) -> receiver.key() == null && !receiver.each());
		long sum = 0;
		int least = Integer.MAX_VALUE;
		for (QueueSource<Object> source : this.sources) {
			int room = source.room(whenRoom);
			sum += room;
			least = Math.min(least, room);
		}
		return turns ? (int) Math.min(sum, Integer.MAX_VALUE) : least;
	}

	/**
	 * A choice that is known.
	 *
	 * @param messageClass the class of message
	 * @param choice how to choose the loops for it
	 */
	private record Known(Class<?> messageClass, Choice choice) {

	}

}

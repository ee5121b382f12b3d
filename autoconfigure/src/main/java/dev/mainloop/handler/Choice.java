package dev.mainloop.handler;

import java.util.List;

import dev.mainloop.MessageRefusedException;
import org.jspecify.annotations.Nullable;

/**
 * Which loops of a group get a message, by what the methods say that take it there.
 *
 * @param none whether no method takes it
 * @param each whether each loop gets it, instead of one
 * @param key by what the one is chosen, {@code null} if they have their turns
 */
record Choice(boolean none, boolean each, @Nullable MessageKey key) {

	/**
	 * Works out the choice.
	 * @param receivers the methods of one group that take the message
	 * @return the choice
	 * @throws InvalidHandlerException if they say different things
	 */
	static Choice of(List<Receiver> receivers) {
		Receiver keyed = null;
		for (Receiver receiver : receivers) {
			Receiver first = receivers.get(0);
			if (receiver.each() != first.each()) {
				throw contradiction(first, receiver, "one to each instance of its bean and the other to one of them");
			}
			MessageKey key = receiver.key();
			if (key != null && keyed != null && keyed.key() != null && !key.isSameAs(keyed.key())) {
				throw contradiction(keyed, receiver,
						"to the instance for '%s' and to that for '%s'".formatted(keyed.key(), key));
			}
			keyed = (key != null) ? receiver : keyed;
		}
		return new Choice(receivers.isEmpty(), !receivers.isEmpty() && receivers.get(0).each(),
				(keyed != null) ? keyed.key() : null);
	}

	/**
	 * Works out the choice for a message that is being sent.
	 * @param receivers the methods of one group that take the message
	 * @return the choice
	 * @throws MessageRefusedException if they say different things, which is known before
	 * only of types of which one is a subtype of the other
	 */
	static Choice ofSent(List<Receiver> receivers) {
		try {
			return of(receivers);
		}
		catch (InvalidHandlerException ex) {
			throw new MessageRefusedException("%s. %s".formatted(ex.getMessage(), ex.getAction()));
		}
	}

	private static InvalidHandlerException contradiction(Receiver one, Receiver other, String how) {
		return one.method()
			.invalid(
					"it takes a message on the loops '%s' that '%s' takes, too, %s".formatted(one.place().group(),
							other.method().name(), how),
					"A message goes to one loop of a group or to all: say the same of both methods, put one of them on "
							+ "another group, or give them queues of their own.");
	}

	/**
	 * Chooses the one that gets a message.
	 * @param keyed what the key is one of
	 * @param count how many there are
	 * @param turns their turns
	 * @return its index
	 * @throws MessageRefusedException if the key cannot be worked out
	 */
	int one(Object keyed, int count, Turns turns) {
		return (this.key != null) ? this.key.choose(keyed, count) : turns.next(count);
	}

	boolean isTurn() {
		return !this.none && !this.each && this.key == null;
	}

}

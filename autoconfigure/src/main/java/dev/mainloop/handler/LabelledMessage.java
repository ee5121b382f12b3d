package dev.mainloop.handler;

import java.util.Objects;

/**
 * A message of a generic type in a queue that carries several types, which its class does
 * not tell apart.
 *
 * @param route where it goes
 * @param message the message
 */
record LabelledMessage(MessageRoute route, Object message) {

	LabelledMessage {
		Objects.requireNonNull(message);
	}

	@Override
	public String toString() {
		return this.message.toString();
	}

}

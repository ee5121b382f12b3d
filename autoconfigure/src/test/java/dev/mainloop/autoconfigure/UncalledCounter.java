package dev.mainloop.autoconfigure;

import dev.mainloop.EventQueue;
import dev.mainloop.MessageRefusedException;
import dev.mainloop.annotation.EventHandler;
import dev.mainloop.annotation.OnMessage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * A handler of an application without a main loop.
 */
@EventHandler
class UncalledCounter {

	private final EventQueue<Integer> numbers;

	UncalledCounter(EventQueue<Integer> numbers) {
		this.numbers = numbers;
	}

	@OnMessage
	void count(Integer number) {
		throw new IllegalStateException("There is no loop to call this");
	}

	/**
	 * Checks that its queue takes nothing.
	 * @return the message of the error
	 */
	String refusal() {
		assertThat(this.numbers.offer(1)).isFalse();
		assertThat(this.numbers.isClosed()).isTrue();
		StringBuilder message = new StringBuilder();
		assertThatExceptionOfType(MessageRefusedException.class).isThrownBy(() -> this.numbers.send(1))
			.satisfies((ex) -> message.append(ex.getMessage()));
		return message.toString();
	}

}

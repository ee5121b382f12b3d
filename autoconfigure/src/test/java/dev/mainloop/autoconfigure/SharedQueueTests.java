package dev.mainloop.autoconfigure;

import java.util.List;

import dev.mainloop.EventQueue;
import dev.mainloop.annotation.EventHandler;
import dev.mainloop.annotation.OnMessage;
import dev.mainloop.handler.EventQueues;
import dev.mainloop.testing.LinuxTest;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests that all who ask for a type of message get the same queue.
 */
@LinuxTest
class SharedQueueTests {

	private final ApplicationContextRunner contextRunner = new ApplicationContextRunner()
		.withConfiguration(AutoConfigurations.of(MainLoopAutoConfiguration.class))
		.withBean(One.class)
		.withBean(Other.class)
		.withBean(Handler.class);

	@Test
	void beansShouldShareTheQueueOfAType() {
		this.contextRunner.run((context) -> {
			One one = context.getBean(One.class);
			Other other = context.getBean(Other.class);
			assertThat(one.words()).isSameAs(other.words())
				.isSameAs(context.getBean(EventQueues.class).get(String.class));
			assertThat(one.lists()).isSameAs(other.lists());
			assertThat(one.arrays()).isSameAs(other.arrays());
			assertThat(one.numberLists()).isSameAs(other.numberLists()).isNotSameAs(one.lists());
		});
	}

	@Test
	void subclassesOfAGenericClassShouldHaveTheirOwnQueues() {
		this.contextRunner.withBean(Words.class).withBean(Numbers.class).run((context) -> {
			Sender<?> words = context.getBean(Words.class);
			assertThat(words.queue).isSameAs(context.getBean(One.class).words())
				.isNotSameAs(context.getBean(Numbers.class).queue);
		});
	}

	abstract static class Sender<T> {

		@Autowired
		@Nullable EventQueue<T> queue;

	}

	static class Words extends Sender<String> {

	}

	static class Numbers extends Sender<Integer> {

	}

	record One(EventQueue<String> words, EventQueue<byte[]> arrays, EventQueue<List<String>> lists,
			EventQueue<List<Integer>> numberLists) {

	}

	record Other(EventQueue<byte[]> arrays, EventQueue<List<Integer>> numberLists, EventQueue<List<String>> lists,
			EventQueue<String> words) {

	}

	@EventHandler
	static class Handler {

		@OnMessage
		void handle(Object message) {
		}

	}

}

package dev.mainloop.test;

import java.util.ArrayList;
import java.util.List;

import dev.mainloop.EventQueue;
import dev.mainloop.annotation.EventHandler;
import dev.mainloop.annotation.OnMessage;
import dev.mainloop.annotation.QueueName;
import dev.mainloop.handler.UnavailableQueue;
import org.junit.jupiter.api.Test;
import org.mockito.Mockito;

import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.test.context.bean.override.convention.TestBean;
import org.springframework.test.context.bean.override.mockito.MockitoBean;
import org.springframework.test.context.bean.override.mockito.MockitoSpyBean;
import org.springframework.test.context.junit.jupiter.SpringJUnitConfig;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests queues that a test watches or replaces.
 */
@SpringJUnitConfig({ QueueOverrideTests.Sender.class, QueueOverrideTests.Receiver.class })
@AutoConfigureTestMainLoop
class QueueOverrideTests {

	@MockitoSpyBean
	private EventQueue<String> spied;

	@MockitoSpyBean
	@QueueName("urgent")
	private EventQueue<String> spiedByName;

	@MockitoBean
	private EventQueue<Integer> mocked;

	@TestBean
	private EventQueue<Long> replaced;

	@Autowired
	private TestMainLoop loop;

	static EventQueue<Long> replaced() {
		return new UnavailableQueue<>("this is a test");
	}

	@Test
	void queuesShouldBeThoseOfTheTest(@Autowired Sender sender, @Autowired Receiver receiver) {
		assertThat(sender.longs).isSameAs(this.replaced);
		sender.words.send("spied");
		sender.urgentWords.send("spied by name");
		sender.numbers.send(1);
		this.loop.runUntilIdle();
		Mockito.verify(this.spied).send("spied");
		Mockito.verify(this.spiedByName).send("spied by name");
		Mockito.verify(this.mocked).send(1);
		assertThat(receiver.received).containsExactlyInAnyOrder("spied", "urgent spied by name");
	}

	record Sender(EventQueue<String> words, @QueueName("urgent") EventQueue<String> urgentWords,
			EventQueue<Integer> numbers, EventQueue<Long> longs) {

	}

	@EventHandler
	static class Receiver {

		private final List<Object> received = new ArrayList<>();

		@OnMessage
		void word(String word) {
			this.received.add(word);
		}

		@OnMessage(queue = "urgent")
		void urgentWord(String word) {
			this.received.add("urgent " + word);
		}

		@OnMessage
		void number(Number number) {
			this.received.add(number);
		}

		@OnMessage
		void number(Integer number) {
			this.received.add(number);
		}

		@OnMessage
		void number(Long number) {
			this.received.add(number);
		}

	}

}

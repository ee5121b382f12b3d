package dev.mainloop.test;

import java.time.Duration;
import java.time.Instant;

import dev.mainloop.EventQueue;
import dev.mainloop.TimerTick;
import dev.mainloop.annotation.EventHandler;
import dev.mainloop.annotation.OnMessage;
import dev.mainloop.annotation.OnTimer;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;

import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.test.context.junit.jupiter.SpringJUnitConfig;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for the loop that the methods of a class share, as the documentation says.
 */
@SpringJUnitConfig(SharedLoopTests.Receiver.class)
@AutoConfigureTestMainLoop
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class SharedLoopTests {

	@Autowired
	private TestMainLoop loop;

	@Autowired
	private Receiver receiver;

	@Autowired
	private EventQueue<String> queue;

	@Test
	@Order(1)
	void firstMethodShouldGetTheTickAtTheStart() {
		this.loop.advance(Duration.ofHours(1));
		assertThat(this.receiver.ticks).isEqualTo(2);
		this.loop.raise("SIGTERM");
		this.queue.send("left");
	}

	@Test
	@Order(2)
	void nextMethodShouldBeginWithWhatIsLeft() {
		assertThat(this.loop.now()).isEqualTo(Instant.parse("2000-01-01T01:00:00Z"));
		assertThat(this.loop.takeExitCode()).hasValue(143);
		assertThat(this.receiver.received).isEmpty();
		this.loop.runUntilIdle();
		assertThat(this.receiver.received).isEqualTo("left");
		assertThat(this.receiver.ticks).isEqualTo(2);
	}

	@EventHandler
	static class Receiver {

		private int ticks;

		private String received = "";

		@OnTimer(every = "1h")
		void tick(TimerTick tick) {
			this.ticks++;
		}

		@OnMessage
		void receive(String message) {
			this.received = message;
		}

	}

}

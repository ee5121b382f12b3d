package dev.mainloop.test;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;

import dev.mainloop.EventQueue;
import dev.mainloop.MainLoop;
import dev.mainloop.annotation.Blocking;
import dev.mainloop.annotation.EventHandler;
import dev.mainloop.annotation.OnMessage;
import dev.mainloop.annotation.OnTimer;
import org.junit.jupiter.api.Test;

import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Import;
import org.springframework.test.annotation.DirtiesContext;
import org.springframework.test.annotation.DirtiesContext.ClassMode;
import org.springframework.test.context.junit.jupiter.SpringJUnitConfig;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Tests what may block, on a {@link TestMainLoop}.
 */
@SpringJUnitConfig
@AutoConfigureTestMainLoop
@DirtiesContext(classMode = ClassMode.AFTER_EACH_TEST_METHOD)
@Import(TestWorkersTests.Library.class)
class TestWorkersTests {

	@Autowired
	private TestMainLoop testLoop;

	@Autowired
	private MainLoop loop;

	@Autowired
	private Library library;

	@Autowired
	private EventQueue<String> queue;

	@Autowired
	private ConfigurableApplicationContext context;

	@Test
	void callsShouldBeDoneInTheSameCallAndInOrder() {
		this.queue.send("a");
		this.queue.send("b");
		this.testLoop.runUntilIdle();
		assertThat(this.library.told).containsExactly("tick", "find a", "found 1", "find b", "found 1");
	}

	@Test
	void callShouldNotBeOnTheLoop() {
		this.testLoop.send("thread");
		assertThat(this.library.told).containsExactly("tick", "find thread: false", "found 6");
	}

	@Test
	void heldCallsShouldKeepMessagesBack() {
		this.testLoop.holdWork();
		this.queue.send("a");
		this.queue.send("b");
		this.testLoop.advance(Duration.ofSeconds(1));
		assertThat(this.library.told).containsExactly("tick", "tick");
		assertThat(this.testLoop.heldWork()).isOne();
		assertThat(this.queue.size()).isOne();
		this.testLoop.releaseWork();
		assertThat(this.library.told).containsExactly("tick", "tick", "find a", "found 1", "find b", "found 1");
	}

	@Test
	void offloadedWorkShouldBeDoneInTheSameCall() {
		CompletableFuture<String> result = this.loop.offload(() -> "result");
		assertThat(result).isNotDone();
		this.testLoop.runUntilIdle();
		assertThat(result).isCompletedWithValue("result");
	}

	@Test
	void failureShouldBeThrownToTheTest() {
		this.queue.send("fails");
		assertThatExceptionOfType(UnhandledErrorException.class).isThrownBy(this.testLoop::runUntilIdle)
			.withRootCauseExactlyInstanceOf(IOException.class);
	}

	@Test
	void stopShouldHaveAllWorkDoneThatIsHeld() {
		this.testLoop.holdWork();
		this.queue.send("a");
		this.testLoop.runUntilIdle();
		this.queue.send("b");
		this.context.stop();
		assertThat(this.library.told).contains("find a", "found 1", "find b", "found 1");
		this.context.start();
		this.queue.send("c");
		this.testLoop.runUntilIdle();
		assertThat(this.library.told).contains("find c");
	}

	/** Takes long to find something. */
	@EventHandler
	static class Library {

		private final MainLoop loop;

		private final List<String> told = new ArrayList<>();

		Library(MainLoop loop) {
			this.loop = loop;
		}

		@Blocking
		@OnMessage
		Integer find(String name) throws IOException {
			this.told.add("find " + name + (name.equals("thread") ? ": " + this.loop.isLoopThread() : ""));
			if (name.equals("fails")) {
				throw new IOException(name);
			}
			return name.length();
		}

		@OnMessage
		void found(Integer length) {
			this.told.add("found " + length);
		}

		@OnTimer(every = "1s")
		void tick() {
			this.told.add("tick");
		}

	}

}

package dev.mainloop.test;

import java.time.Duration;

import dev.mainloop.EventQueue;
import dev.mainloop.MainLoop;
import dev.mainloop.annotation.EventHandler;
import dev.mainloop.annotation.OnMessage;
import dev.mainloop.annotation.OnTimer;
import dev.mainloop.autoconfigure.MainLoopAutoConfiguration;
import org.junit.jupiter.api.Test;

import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.test.context.junit.jupiter.SpringJUnitConfig;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link AutoConfigureTestMainLoop} with nothing but an event handler.
 */
@SpringJUnitConfig(AutoConfigureTestMainLoopTests.Counter.class)
@AutoConfigureTestMainLoop
class AutoConfigureTestMainLoopTests {

	@Autowired
	private TestMainLoop loop;

	@Autowired
	private Counter counter;

	@Test
	void handlersShouldBeCalled(@Autowired EventQueue<Integer> steps) {
		this.loop.runUntilIdle();
		int before = this.counter.count;
		this.loop.advance(Duration.ofHours(1));
		assertThat(this.counter.count).isEqualTo(before + 3600);
		steps.send(-3600);
		this.loop.runUntilIdle();
		assertThat(this.counter.count).isEqualTo(before);
	}

	@Test
	void loopShouldHaveNoThread(@Autowired MainLoop mainLoop) {
		assertThat(mainLoop.thread()).isNull();
		assertThat(Thread.getAllStackTraces().keySet()).extracting(Thread::getName).doesNotContain("mainloop");
	}

	@Test
	void loopThatIsTurnedOffShouldNotBeMade() {
		new ApplicationContextRunner()
			.withConfiguration(
					AutoConfigurations.of(TestMainLoopAutoConfiguration.class, MainLoopAutoConfiguration.class))
			.withBean(Counter.class)
			.withPropertyValues("mainloop.enabled=false")
			.run((context) -> assertThat(context).hasNotFailed()
				.doesNotHaveBean(TestMainLoop.class)
				.doesNotHaveBean(MainLoop.class));
	}

	@EventHandler
	static class Counter {

		private int count;

		@OnTimer(every = "1s")
		void tick() {
			this.count++;
		}

		@OnMessage
		void step(Integer step) {
			this.count += step;
		}

	}

}

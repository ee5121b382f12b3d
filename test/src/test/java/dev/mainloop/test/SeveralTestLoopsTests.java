package dev.mainloop.test;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

import dev.mainloop.EventQueue;
import dev.mainloop.MainLoop;
import dev.mainloop.MainLoopState;
import dev.mainloop.annotation.EventHandler;
import dev.mainloop.annotation.Instances;
import dev.mainloop.annotation.OnMessage;
import dev.mainloop.annotation.OnSignal;
import dev.mainloop.annotation.OnTimer;
import dev.mainloop.autoconfigure.MainLoopAutoConfiguration;
import org.junit.jupiter.api.Test;

import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.test.context.assertj.AssertableApplicationContext;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link TestMainLoop} with an application that has several loops.
 */
class SeveralTestLoopsTests {

	private final ApplicationContextRunner contextRunner = new ApplicationContextRunner()
		.withConfiguration(AutoConfigurations.of(TestMainLoopAutoConfiguration.class, MainLoopAutoConfiguration.class))
		.withBean(Journal.class)
		.withBean(OnMain.class)
		.withBean(OnWorkers.class)
		.withPropertyValues("mainloop.loops.workers.count=2", "mainloop.loops.workers.cpus=4095");

	@Test
	void loopsShouldHaveTheirTurnsInTheOrderOfTheirNames() {
		this.contextRunner.run((context) -> {
			context.getBean(TestMainLoop.class).advance(Duration.ofSeconds(1));
			assertThat(journal(context)).containsExactly("main", "workers-1", "workers-2");
			context.getBean(TestMainLoop.class).raise("SIGHUP");
			assertThat(journal(context)).containsExactlyInAnyOrder("hangup on workers-1", "hangup on workers-2");
		});
	}

	@Test
	void messagesBetweenLoopsShouldBeHandledInTheSameCall() {
		this.contextRunner.run((context) -> {
			context.getBean(TestMainLoop.class).send("ping");
			List<String> entries = journal(context);
			assertThat(entries).hasSize(2);
			assertThat(entries.get(0)).matches("ping on workers-[12]");
			assertThat(entries.get(1)).isEqualTo("4 on main");
			context.getBean(TestMainLoop.class).send("ping");
			assertThat(journal(context)).isEqualTo(entries);
		});
	}

	@Test
	void stopShouldHandleWhatTheLoopsSendToEachOther() {
		this.contextRunner.run((context) -> {
			context.getBean(OnMain.class).words.send("last");
			context.stop();
			assertThat(journal(context)).hasSize(2).last().isEqualTo("4 on main");
			assertThat(context.getBeansOfType(MainLoop.class).values()).extracting(MainLoop::state)
				.containsOnly(MainLoopState.STOPPED);
		});
	}

	private static List<String> journal(AssertableApplicationContext context) {
		Journal journal = context.getBean(Journal.class);
		List<String> entries = List.copyOf(journal.entries);
		journal.entries.clear();
		return entries;
	}

	static class Journal {

		private final List<String> entries = new ArrayList<>();

	}

	@EventHandler
	static class OnMain {

		private final Journal journal;

		private final EventQueue<String> words;

		OnMain(Journal journal, EventQueue<String> words) {
			this.journal = journal;
			this.words = words;
		}

		@OnTimer(every = "1s", initialDelay = "1s")
		void tick() {
			this.journal.entries.add("main");
		}

		@OnMessage
		void length(Integer length) {
			this.journal.entries.add(length + " on main");
		}

	}

	@EventHandler(loop = "workers")
	static class OnWorkers {

		private final Journal journal;

		private final MainLoop loop;

		OnWorkers(Journal journal, MainLoop loop) {
			this.journal = journal;
			this.loop = loop;
		}

		@OnTimer(every = "1s", initialDelay = "1s", instances = Instances.EACH)
		void tick() {
			this.journal.entries.add(this.loop.name());
		}

		@OnSignal("SIGHUP")
		void hangUp() {
			this.journal.entries.add("hangup on " + this.loop.name());
		}

		@OnMessage(key = "#word")
		Integer length(String word) {
			this.journal.entries.add(word + " on " + this.loop.name());
			return word.length();
		}

	}

}

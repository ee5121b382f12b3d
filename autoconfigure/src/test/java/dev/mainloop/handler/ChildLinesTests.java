package dev.mainloop.handler;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

import dev.mainloop.MainLoop;
import dev.mainloop.annotation.EventHandler;
import dev.mainloop.annotation.OnChildExit;
import dev.mainloop.annotation.OnLine;
import dev.mainloop.autoconfigure.MainLoopAutoConfiguration;
import dev.mainloop.fd.ExitStatus;
import dev.mainloop.fd.FileDescriptor;
import dev.mainloop.fd.Stdio;
import dev.mainloop.process.ChildProcess;
import dev.mainloop.process.Command;
import dev.mainloop.testing.LinuxTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.Timeout.ThreadMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Lazy;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link OnLine} methods of children.
 */
@LinuxTest
@Timeout(value = 120, threadMode = ThreadMode.SEPARATE_THREAD)
class ChildLinesTests {

	private final Events events = new Events();

	private final ApplicationContextRunner contextRunner = new ApplicationContextRunner()
		.withConfiguration(AutoConfigurations.of(MainLoopAutoConfiguration.class))
		.withUserConfiguration(Commands.class)
		.withBean(Events.class, () -> this.events);

	private String next() throws InterruptedException {
		return this.events.poll(60, TimeUnit.SECONDS);
	}

	@Test
	void linesShouldBeHandledBeforeTheEndOfEachChild() {
		this.contextRunner.withBean(Lines.class).withBean(Exits.class).run((context) -> {
			for (int i = 0; i < 2; i++) {
				assertThat(next()).isEqualTo("Lines: ready");
				assertThat(next()).isEqualTo("Lines: got a line of the loop");
				assertThat(next()).isEqualTo("Lines: no end");
				assertThat(next()).isEqualTo("exit 3");
				context.stop();
				assertThat(context.getBean(MainLoop.class).sources()).isEmpty();
				context.start();
			}
		});
	}

	@ParameterizedTest
	@ValueSource(strings = { "LinesFirst", "ExitFirst" })
	void linesOfABeanThatIsMadeLateShouldBeHandled(String name) {
		this.contextRunner.withUserConfiguration(LateBeans.class).run((context) -> {
			context.getBean(name);
			assertThat(next()).isEqualTo(name + ": ready");
			assertThat(next()).isEqualTo(name + ": got a line of the loop");
			assertThat(next()).isEqualTo(name + ": no end");
			assertThat(next()).isEqualTo("exit 3");
		});
	}

	@Test
	void childThatNobodyHasRunShouldFailTheStart() {
		this.contextRunner.withBean(Lines.class)
			.run((context) -> assertThat(context).getFailure()
				.rootCause()
				.isInstanceOfSatisfying(InvalidHandlerException.class,
						(invalid) -> assertThat(invalid.getAction())
							.isEqualTo("Declare one @OnChildExit method that names 'worker'."))
				.hasMessageContaining("cannot be an @OnLine handler: 0 methods have its child 'worker' run"));
	}

	@Test
	void childThatSeveralMethodsHaveRunShouldFailTheStart() {
		this.contextRunner.withBean(Lines.class)
			.withBean("a", Exits.class)
			.withBean("b", Exits.class)
			.run((context) -> assertThat(context).getFailure()
				.hasStackTraceContaining("2 methods have its child 'worker' run"));
	}

	@Test
	void childWhoseLinesGoToAnotherMethodShouldFailTheStart() {
		this.contextRunner.withBean(Exits.class)
			.withBean("a", Lines.class)
			.withBean("b", Lines.class)
			.run((context) -> assertThat(context).getFailure()
				.hasStackTraceContaining("the lines of its child 'worker' go to another method"));
	}

	@Test
	void childOfAnotherLoopShouldFailTheStart() {
		this.contextRunner.withBean(Lines.class)
			.withBean(OtherLoop.class)
			.withPropertyValues("mainloop.loops.other.count=1")
			.run((context) -> assertThat(context).getFailure()
				.hasStackTraceContaining("its child 'worker' belongs to another loop"));
	}

	@Configuration(proxyBeanMethods = false)
	static class Commands {

		@Bean
		Command worker() {
			return Command.of("/bin/sh", "-c", "echo ready; read line; echo got $line; printf 'no end'; exit 3")
				.input(Stdio.PIPE);
		}

	}

	static final class Events extends LinkedBlockingQueue<String> {

		private static final long serialVersionUID = 1L;

	}

	/** Nothing tells that they are handlers before they are made. */
	@Configuration(proxyBeanMethods = false)
	static class LateBeans {

		@Lazy
		@Bean("LinesFirst")
		Object linesFirst(Events events) {
			return new LinesFirst(events);
		}

		@Lazy
		@Bean("ExitFirst")
		Object exitFirst(Events events) {
			return new ExitFirst(events);
		}

	}

	/** Answers the first line. */
	abstract static class Handler {

		private final Events events;

		Handler(Events events) {
			this.events = events;
		}

		void handle(String line, ChildProcess child) {
			this.events.add(getClass().getSimpleName() + ": " + line);
			if ("ready".equals(line)) {
				try (FileDescriptor input = child.input()) {
					input.write(ByteBuffer.wrap("a line of the loop\n".getBytes(StandardCharsets.US_ASCII)));
				}
			}
		}

		void handle(ExitStatus status) {
			this.events.add(status.toString());
		}

	}

	@EventHandler
	static class Lines extends Handler {

		Lines(Events events) {
			super(events);
		}

		@OnLine("worker")
		void line(String line, ChildProcess child) {
			handle(line, child);
		}

	}

	@EventHandler
	static class Exits extends Handler {

		Exits(Events events) {
			super(events);
		}

		@OnChildExit("worker")
		void ended(ExitStatus status) {
			handle(status);
		}

	}

	@EventHandler(loop = "other")
	static class OtherLoop extends Handler {

		OtherLoop(Events events) {
			super(events);
		}

		@OnChildExit("worker")
		void ended(ExitStatus status) {
			handle(status);
		}

	}

	@EventHandler
	static class LinesFirst extends Handler {

		LinesFirst(Events events) {
			super(events);
		}

		@OnLine("worker")
		void a(String line, ChildProcess child) {
			handle(line, child);
		}

		@OnChildExit("worker")
		void b(ExitStatus status) {
			handle(status);
		}

	}

	@EventHandler
	static class ExitFirst extends Handler {

		ExitFirst(Events events) {
			super(events);
		}

		@OnChildExit("worker")
		void a(ExitStatus status) {
			handle(status);
		}

		@OnLine("worker")
		void b(String line, ChildProcess child) {
			handle(line, child);
		}

	}

}

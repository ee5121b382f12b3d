package dev.mainloop;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

import dev.mainloop.fd.EventFd;
import dev.mainloop.multiplexer.Readiness;
import dev.mainloop.testing.LinuxTest;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;

import static org.assertj.core.api.Assertions.assertThat;

@LinuxTest
class ErrorHandlerTests {

	private final List<String> errors = new ArrayList<>();

	private final ManualClock clock = new ManualClock();

	private final MainLoop loop = MainLoop.builder()
		.clock(this.clock)
		.errorHandler((source, event, error) -> this.errors
			.add(source + ": " + error.getMessage() + " " + source.loop().isLoopThread()))
		.build();

	@AfterEach
	void close() {
		this.loop.close();
	}

	@Test
	void queueShouldGoOnAfterError() {
		List<String> handled = new ArrayList<>();
		EventQueue<String> queue = this.loop.queue("queue", 8, (message) -> {
			handled.add(message);
			throw new IOException(message);
		});
		queue.send("a");
		queue.send("b");
		LoopRunner.runUntilIdle(this.loop);
		assertThat(handled).containsExactly("a", "b");
		assertThat(this.errors).containsExactly("queue: a true", "queue: b true");
	}

	@Test
	void tasksShouldGoOnAfterError() {
		List<String> handled = new ArrayList<>();
		this.loop.execute(() -> {
			throw new AssertionError("expected");
		});
		this.loop.execute(() -> handled.add("second"));
		LoopRunner.runUntilIdle(this.loop);
		assertThat(handled).containsExactly("second");
		assertThat(this.errors).containsExactly("posted tasks: expected true");
	}

	@Test
	void timerShouldGoOnAfterError() {
		this.loop.every("timer", Duration.ofSeconds(1), Duration.ofSeconds(1), (timer) -> {
			throw new IOException("expected");
		});
		LoopRunner.runUntilIdle(this.loop);
		for (int i = 0; i < 3; i++) {
			this.clock.advance(Duration.ofSeconds(1));
			LoopRunner.runUntilIdle(this.loop);
		}
		assertThat(this.errors).hasSize(3).containsOnly("timer: expected true");
	}

	@Test
	void descriptorShouldGoOnAfterError() {
		try (EventFd one = EventFd.open(1); EventFd other = EventFd.open(1)) {
			for (EventFd each : List.of(one, other)) {
				this.loop.watch("fd", each, Readiness.READABLE, (fd, readiness) -> {
					throw new StackOverflowError("expected");
				});
			}
			this.loop.runOnce();
			this.loop.runOnce();
			assertThat(this.errors).hasSize(4).containsOnly("fd: expected true");
		}
	}

	@Test
	@ExtendWith(OutputCaptureExtension.class)
	void errorHandlerThatThrowsShouldNotEndLoop(CapturedOutput output) {
		List<String> handled = new ArrayList<>();
		try (MainLoop throwing = MainLoop.builder().errorHandler((source, event, error) -> {
			throw new IllegalStateException("of the error handler");
		}).build()) {
			throwing.execute(() -> {
				throw new IllegalStateException("of the task");
			});
			throwing.execute(() -> {
				handled.add("second");
				throwing.stop();
			});
			throwing.run();
			assertThat(handled).containsExactly("second");
			assertThat(throwing.state()).isEqualTo(MainLoopState.STOPPED);
		}
		assertThat(output).contains("The error handler, told of 'posted tasks', failed for ")
			.contains("of the error handler")
			.contains("The handler of 'posted tasks' failed for ")
			.contains("of the task");
	}

	@Test
	@ExtendWith(OutputCaptureExtension.class)
	void errorHandlerThatRethrowsShouldNotEndLoop(CapturedOutput output) {
		List<String> handled = new ArrayList<>();
		try (MainLoop rethrowing = MainLoop.builder().errorHandler((source, event, error) -> {
			throw (RuntimeException) error;
		}).build()) {
			QueueSource<String> queue = rethrowing.queue("queue", 8, (message) -> {
				handled.add(message);
				throw new IllegalStateException(message);
			});
			queue.send("expected");
			rethrowing.execute(rethrowing::stop);
			rethrowing.run();
			assertThat(handled).containsExactly("expected");
			assertThat(rethrowing.state()).isEqualTo(MainLoopState.STOPPED);
		}
		assertThat(output).containsOnlyOnce("The handler of 'queue' failed for expected")
			.doesNotContain("The error handler");
	}

	@Test
	void handlerThatPassesEventsOnMayNameTheOneThatFailed() {
		this.loop.queue("queue", 8, (message) -> {
			throw new HandlerFailedException("bean.method", "part", new IOException("expected"));
		}).send("message");
		LoopRunner.runUntilIdle(this.loop);
		assertThat(this.errors).containsExactly("queue: expected true");
	}

	@Test
	@ExtendWith(OutputCaptureExtension.class)
	void logShouldNameTheHandlerThatFailed(CapturedOutput output) {
		try (MainLoop logging = MainLoop.builder().build()) {
			logging.queue("queue", 8, (message) -> {
				throw new HandlerFailedException("bean.method", "part", new IOException("expected"));
			}).send("message");
			logging.runOnce();
		}
		assertThat(output).contains("The handler of 'bean.method' failed for part")
			.doesNotContain("HandlerFailedException");
	}

	@Test
	@ExtendWith(OutputCaptureExtension.class)
	void defaultErrorHandlerShouldLogSourceAndError(CapturedOutput output) {
		try (MainLoop logging = MainLoop.builder().build()) {
			logging.queue("orders", 8, (message) -> {
				throw new IOException("expected failure");
			}).send("message");
			logging.runOnce();
		}
		assertThat(output).contains("The handler of 'orders' failed for message").contains("expected failure");
	}

	@Test
	@ExtendWith(OutputCaptureExtension.class)
	void closeOfQueueWithMessagesShouldBeLogged(CapturedOutput output) {
		QueueSource<String> queue = this.loop.queue("orders", 8, (message) -> {
		});
		queue.send("a");
		queue.send("b");
		this.loop.close();
		assertThat(output).contains("The queue 'orders' was closed with 2 messages that were not handled");
	}

}

package dev.mainloop;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import dev.mainloop.fd.EventFd;
import dev.mainloop.fd.FileDescriptor;
import dev.mainloop.fd.Signal;
import dev.mainloop.kernel.Kernel;
import dev.mainloop.kernel.ProcessFiles;
import dev.mainloop.libc.LibC;
import dev.mainloop.log.LogKeys;
import dev.mainloop.multiplexer.MultiplexerKind;
import dev.mainloop.multiplexer.Readiness;
import dev.mainloop.testing.LinuxTest;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.slf4j.LoggerFactory;
import org.slf4j.event.KeyValuePair;

import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.awaitility.Awaitility.await;

/**
 * A loop with a name, among others, is named by its thread, its errors and its log lines.
 */
@LinuxTest
@ExtendWith(OutputCaptureExtension.class)
class LoopNameTests {

	private static final String ON = " on the main loop 'workers-1'";

	private static final int F_DUPFD = 0;

	private final MainLoop loop = builder().build();

	@AfterEach
	void close() {
		this.loop.close();
	}

	private static MainLoopBuilder builder() {
		return MainLoop.builder().name("workers-1");
	}

	@Test
	void nameShouldBeMainUnlessAnotherIsGiven() {
		assertThat(this.loop.name()).isEqualTo("workers-1");
		try (MainLoop other = MainLoop.builder().build()) {
			assertThat(other.name()).isEqualTo("main");
		}
	}

	@ParameterizedTest
	@ValueSource(strings = { "", " ", "a\nb", "\u202eb" })
	void nameThatDoesNotShowShouldBeRefused(String name) {
		assertThatIllegalArgumentException().isThrownBy(() -> MainLoop.builder().name(name))
			.withMessageStartingWith("'name' must be printable, and not blank or longer than 500 characters, but is '");
	}

	@Test
	void threadShouldHaveTheName() {
		try (LoopRunner runner = LoopRunner.start(this.loop)) {
			assertThat(CompletableFuture.supplyAsync(() -> Thread.currentThread().getName(), this.loop::execute)
				.orTimeout(LoopRunner.TIMEOUT_SECONDS, TimeUnit.SECONDS)
				.join()).isEqualTo("mainloop-workers-1");
			assertThatIllegalStateException().isThrownBy(this.loop::requireLoopThread)
				.withMessageContaining("not on that of the main loop 'workers-1', 'mainloop-workers-1': pass it to");
			assertThatIllegalStateException().isThrownBy(this.loop::run)
				.withMessageStartingWith("The main loop 'workers-1' runs on Thread[")
				.withMessageEndingWith(" already");
			assertThat(runner.thread().isRunning()).isTrue();
		}
	}

	@Test
	void invokerShouldTellTheName() {
		MainLoopInvoker invoker = new MainLoopInvoker(this.loop);
		invoker.start();
		assertThatIllegalStateException().isThrownBy(invoker::start)
			.withMessage("The main loop 'workers-1' runs already");
		invoker.stop();
	}

	@Test
	void loopThatFailsShouldBeNamed(CapturedOutput output) {
		try (LoopRunner runner = LoopRunner.start(this.loop)) {
			this.loop.execute(() -> this.loop.cycle().fail(new IllegalStateException("injected")));
			runner.stop();
			assertThat(output).contains("The main loop 'workers-1' has failed and does not run any more, until");
			assertThatIllegalStateException().isThrownBy(() -> this.loop.after("late", Duration.ZERO, (timer) -> {
			})).withMessage("The main loop 'workers-1' has failed");
		}
	}

	@Test
	void closedLoopShouldBeNamed() {
		QueueSource<String> queue = this.loop.queue("orders", 2, (message) -> {
		});
		this.loop.close();
		assertThatIllegalStateException().isThrownBy(this.loop::run).withMessage("The main loop 'workers-1' is closed");
		assertThatExceptionOfType(RejectedExecutionException.class).isThrownBy(() -> this.loop.execute(() -> {
		})).withMessageStartingWith("The main loop 'workers-1' does not take ").withMessageEndingWith("it is closed");
		assertThatExceptionOfType(MessageRefusedException.class).isThrownBy(() -> queue.send("late"))
			.withMessage("The queue 'orders'" + ON + " is closed and takes no late");
	}

	@Test
	void queueShouldBeNamedWithItsLoop(CapturedOutput output) {
		QueueSource<String> queue = this.loop.queue("orders", 2, (message) -> {
		});
		QueueSource<String> dropping = this.loop.queue("news", 2, Overflow.DROP_OLDEST, (message) -> {
		});
		for (String message : List.of("first", "second")) {
			queue.send(message);
			dropping.send(message);
		}
		assertThatExceptionOfType(MessageRefusedException.class).isThrownBy(() -> queue.send("third"))
			.withMessageStartingWith("The queue 'orders'" + ON + " is full with 2 messages and does not take third");
		dropping.send("third");
		assertThat(output).contains("The queue 'news'" + ON + " is full with 2 messages and drops its oldest;");
		this.loop.close();
		assertThat(output).contains("The queue 'orders'" + ON + " was closed with 2 messages that were not handled");
	}

	@Test
	void linesShouldHaveTheNameAsKey() {
		Logger logger = (Logger) LoggerFactory.getLogger(QueueSource.class);
		ListAppender<ILoggingEvent> lines = new ListAppender<>();
		lines.start();
		logger.addAppender(lines);
		try {
			this.loop.queue("orders", 2, (message) -> {
			}).send("left");
			this.loop.close();
		}
		finally {
			logger.detachAppender(lines);
		}
		assertThat(lines.list).singleElement()
			.satisfies((line) -> assertThat(line.getKeyValuePairs())
				.contains(new KeyValuePair(LogKeys.LOOP, "workers-1"), new KeyValuePair(LogKeys.SOURCE, "orders")));
	}

	@Test
	void handlerThatWaitsForRoomShouldBeToldOfItsLoop() {
		QueueSource<String> queue = this.loop.queue("orders", 1, (message) -> {
		});
		CompletableFuture<Void> refused = CompletableFuture.runAsync(() -> {
			try {
				queue.send("first", Duration.ZERO);
			}
			catch (InterruptedException ex) {
				throw new IllegalStateException(ex);
			}
		}, this.loop::execute);
		this.loop.runOnce();
		assertThatExceptionOfType(CompletionException.class).isThrownBy(refused::join)
			.withMessageContaining("A handler cannot wait for room in the queue 'orders'" + ON + ", as its loop");
	}

	@Test
	void errorsOfHandlersShouldBeNamedWithTheLoop(CapturedOutput output) {
		try (MainLoop failing = builder().errorPolicy(ErrorPolicy.DISABLE, 3).build()) {
			QueueSource<String> queue = failing.queue("orders", 8, (message) -> {
				throw new IllegalArgumentException("bad " + message);
			});
			for (int i = 0; i < 3; i++) {
				queue.send("order");
			}
			LoopRunner.runUntilIdle(failing);
		}
		assertThat(output).containsOnlyOnce("The handler of 'orders'" + ON + " failed for order")
			.contains("The handler of 'orders'" + ON + " failed 2 more times with java.lang.IllegalArgumentException")
			.contains("The event source 'orders'" + ON + " is disabled, as it failed 3 times in a row");
	}

	@Test
	void errorHandlerThatFailsShouldBeNamedWithTheLoop(CapturedOutput output) {
		try (MainLoop failing = builder().errorHandler((source, event, error) -> {
			throw new IllegalStateException("the error handler, too");
		}).build()) {
			failing.execute(() -> {
				throw new IllegalArgumentException("bad");
			});
			LoopRunner.runUntilIdle(failing);
		}
		assertThat(output).contains("The error handler, told of 'posted tasks'" + ON + ", failed for ");
	}

	@Test
	void listenerThatFailsShouldBeNamedWithTheLoop(CapturedOutput output) {
		this.loop.lagListener((source, nanos) -> {
			throw new IllegalStateException("injected");
		});
		this.loop.after("timer", Duration.ZERO, (timer) -> {
		});
		LoopRunner.runUntilIdle(this.loop);
		assertThat(output).containsPattern("The listener .*" + ON + " has failed, and is not called any more");
	}

	@Test
	void handlerThatBlocksShouldBeNamedWithTheLoop(CapturedOutput output) throws Exception {
		CountDownLatch found = new CountDownLatch(1);
		CountDownLatch returned = new CountDownLatch(1);
		QueueSource<CountDownLatch> queue = this.loop.queue("latches", 1, LoopRunner::await);
		try (LoopRunner runner = LoopRunner.start(this.loop);
				HandlerWatch watch = new HandlerWatch(this.loop, Duration.ofMillis(1), RunningHandler::source,
						(blocked) -> (blocked.returned() ? returned : found).countDown())) {
			watch.start();
			queue.send(found);
			LoopRunner.await(returned);
			assertThat(runner.thread().isRunning()).isTrue();
		}
		assertThat(output).contains("[mainloop-workers-1-watch]")
			.contains("The handler 'latches' has blocked the main loop 'workers-1' for ")
			.contains("The handler 'latches' has returned after it blocked the main loop 'workers-1' for ");
	}

	@Test
	void watchThatFailsShouldBeNamedWithTheLoop(CapturedOutput output) throws Exception {
		CountDownLatch failed = new CountDownLatch(1);
		QueueSource<CountDownLatch> queue = this.loop.queue("latches", 1, LoopRunner::await);
		try (LoopRunner runner = LoopRunner.start(this.loop);
				HandlerWatch watch = new HandlerWatch(this.loop, Duration.ofMillis(1), RunningHandler::source,
						(blocked) -> {
							failed.countDown();
							throw new IllegalStateException("injected");
						})) {
			watch.start();
			queue.send(failed);
			runner.awaitIteration();
			await().atMost(Duration.ofSeconds(LoopRunner.TIMEOUT_SECONDS))
				.untilAsserted(() -> assertThat(output)
					.contains("The watch for handlers that block" + ON + ", or its listener, has failed to look"));
		}
	}

	@Test
	void handlerThatSpinsShouldBeNamedWithTheLoop(CapturedOutput output) {
		ManualClock clock = new ManualClock();
		try (MainLoop spinning = builder().clock(clock).build(); EventFd ready = EventFd.open(1)) {
			spinning.watch("ready", ready, Readiness.READABLE, (fd, readiness) -> {
			});
			for (int i = 0; i < 4 * SpinCounter.CALLS; i++) {
				clock.advance(SpinCounter.TIME.dividedBy(SpinCounter.CALLS));
				spinning.runOnce();
			}
		}
		assertThat(output).containsOnlyOnce("'ready'" + ON + " spins and keeps a core busy");
	}

	@Test
	void descriptorThatIsClosedElsewhereShouldBeNamedWithTheLoop(CapturedOutput output) {
		try (MainLoop polling = builder().multiplexer(MultiplexerKind.POLL).build(); EventFd events = EventFd.open(0)) {
			int number = LibC.fcntl(ProcessFiles.number(events), F_DUPFD, ProcessFiles.HIGH_NUMBER);
			polling.watch("events", FileDescriptor.borrow(number, "lost"), Readiness.READABLE, (fd, readiness) -> {
			});
			Kernel.close(number);
			polling.runOnce();
		}
		assertThat(output).containsOnlyOnce("'events'" + ON + " gets no events any more, as other code has closed");
	}

	@Test
	void signalsShouldBeNamedWithTheLoop(CapturedOutput output) {
		this.loop.onSignal("winch", Signal.of("WINCH"), (info) -> {
		});
		this.loop.onSignal("end", Signal.of("TERM"), (info) -> {
		});
		assertThat(output).contains("Signal SIGWINCH comes by ")
			.containsPattern("Signal SIGWINCH comes by \\w+" + ON)
			.contains("SIGTERM is handled by 'end'" + ON + ", and ends the application after that");
	}

}

package dev.mainloop;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.stream.Stream;

import dev.mainloop.testing.JavaProgram;
import dev.mainloop.testing.LinuxTest;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.awaitility.Awaitility.await;

@LinuxTest
@ExtendWith(OutputCaptureExtension.class)
class HandlerWatchTests {

	private static final Duration WARN_AFTER = Duration.ofMillis(20);

	private final MainLoop loop = MainLoop.builder().build();

	private final BlockingQueue<BlockedHandler> told = new LinkedBlockingQueue<>();

	private final QueueSource<CountDownLatch> queue = this.loop.queue("latches", 4, LoopRunner::await);

	@AfterEach
	void close() {
		this.loop.close();
	}

	@Test
	void handlerThatBlocksShouldBeNamedUntilItReturns(CapturedOutput output) throws Exception {
		CountDownLatch release = new CountDownLatch(1);
		Instant before = Instant.now();
		try (LoopRunner runner = LoopRunner.start(this.loop); HandlerWatch watch = watch(this.told::add)) {
			this.queue.send(release);
			BlockedHandler found = next();
			assertThat(found.handler()).isEqualTo("handler of latches");
			assertThat(found.duration()).isGreaterThanOrEqualTo(WARN_AFTER);
			assertThat(found.since()).isBetween(before, Instant.now());
			assertThat(found.returned()).isFalse();
			assertThat(found.event()).isNull();
			assertThat(found.stack()).extracting(StackTraceElement::getClassName)
				.contains(LoopRunner.class.getName())
				.doesNotContain(Dispatcher.class.getName(), QueueSource.class.getName(),
						MessageHandler.class.getName());
			assertThat(next().duration()).isGreaterThanOrEqualTo(found.duration().multipliedBy(2));
			assertThat(watch.blocked()).isNotNull();
			release.countDown();
			BlockedHandler returned = next();
			while (!returned.returned()) {
				returned = next();
			}
			assertThat(returned.event()).isEqualTo(release.toString());
			assertThat(watch.blocked()).isNull();
			runner.awaitIteration();
		}
		assertThat(output).contains("The handler 'handler of latches' has blocked the main loop for ")
			.contains("dev.mainloop.LoopRunner.await")
			.contains("The handler 'handler of latches' has returned after it blocked the main loop for ")
			.contains(", for " + release);
	}

	/** The loop is then in code of the event, and the handler has returned. */
	@Test
	void eventThatIsAskedForItsTextShouldNotBeTakenForAHandler() throws Exception {
		CountDownLatch release = new CountDownLatch(1);
		CountDownLatch looked = new CountDownLatch(1);
		QueueSource<Object> events = this.loop.queue("events", 1, (event) -> LoopRunner.await(release));
		try (LoopRunner runner = LoopRunner.start(this.loop);
				HandlerWatch watch = watch(HandlerWatchTests::isText, this.told::add)) {
			events.send(new Object() {

				@Override
				public String toString() {
					assertThat(looked.getCount()).isOne();
					BlockedHandler before = watch.blocked();
					await().until(() -> watch.blocked() != before
							&& watch.blocked().duration().compareTo(before.duration().multipliedBy(4)) > 0);
					looked.countDown();
					return "event";
				}

			});
			BlockedHandler found = next();
			release.countDown();
			LoopRunner.await(looked);
			BlockedHandler last = next();
			while (!last.returned()) {
				assertThat(last.handler()).isEqualTo("text: false");
				last = next();
			}
			assertThat(last.handler()).isEqualTo("text: false");
			assertThat(found.returned()).isFalse();
			assertThat(last.event()).isEqualTo("event");
			runner.awaitIteration();
		}
	}

	private static String isText(RunningHandler running) {
		return "text: " + running.stack().stream().map(StackTraceElement::getMethodName).anyMatch("toString"::equals);
	}

	/** An event of the application may have several. */
	@Test
	void handlerThatIsFollowedByAnotherShouldHaveReturned() throws Exception {
		CountDownLatch release = new CountDownLatch(1);
		AtomicReference<String> name = new AtomicReference<>("first");
		try (LoopRunner runner = LoopRunner.start(this.loop);
				HandlerWatch watch = watch((running) -> name.get(), this.told::add)) {
			this.queue.send(release);
			assertThat(next().handler()).isEqualTo("first");
			name.set("second");
			BlockedHandler last = next();
			while (!last.returned()) {
				assertThat(last.handler()).isEqualTo("first");
				last = next();
			}
			assertThat(last.handler()).isEqualTo("first");
			assertThat(next().handler()).isEqualTo("second");
			assertThat(watch.blocked()).isNotNull();
			release.countDown();
			last = next();
			while (!last.returned()) {
				last = next();
			}
			assertThat(last.handler()).isEqualTo("second");
			assertThat(last.event()).isEqualTo(release.toString());
			runner.awaitIteration();
		}
	}

	@Test
	void repetitionsShouldNotFillTheLog(CapturedOutput output) throws Exception {
		try (LoopRunner runner = LoopRunner.start(this.loop); HandlerWatch watch = watch(this.told::add)) {
			for (int i = 0; i < 3; i++) {
				CountDownLatch release = new CountDownLatch(1);
				this.queue.send(release);
				assertThat(next().returned()).isFalse();
				release.countDown();
				while (!next().returned()) {
					assertThat(watch.blocked()).isNotNull();
				}
				runner.awaitIteration();
			}
		}
		assertThat(output).containsOnlyOnce("has returned after it blocked the main loop");
	}

	@Test
	void loopThatWaitsShouldNotBeBlamed() throws Exception {
		try (LoopRunner runner = LoopRunner.start(this.loop); HandlerWatch watch = watch(this.told::add)) {
			runner.awaitIteration();
			CountDownLatch later = new CountDownLatch(1);
			this.loop.after("later", WARN_AFTER.multipliedBy(10), (timer) -> later.countDown());
			LoopRunner.await(later);
			assertThat(watch.blocked()).isNull();
		}
		assertThat(this.told).isEmpty();
	}

	@Test
	void listenerThatFailsShouldNotEndTheWatch(CapturedOutput output) throws Exception {
		CountDownLatch release = new CountDownLatch(1);
		try (LoopRunner runner = LoopRunner.start(this.loop); HandlerWatch watch = watch((blocked) -> {
			this.told.add(blocked);
			throw new IllegalStateException("on purpose");
		})) {
			this.queue.send(release);
			assertThat(next().returned()).isFalse();
			assertThat(next().duration()).isGreaterThan(WARN_AFTER);
			release.countDown();
			while (!next().returned()) {
				assertThat(watch).isNotNull();
			}
			runner.awaitIteration();
		}
		assertThat(output).contains("has failed to look once").contains("on purpose");
	}

	@Test
	void processThatStandsStillShouldNotBeBlamedOnTheHandler() throws Exception {
		try (JavaProgram program = JavaProgram.start(List.of(), List.of(), HandlerWatchProgram.class)) {
			assertThat(program.readLine()).isEqualTo("begun");
			awaitLook(program, waits(program));
			program.send("STOP");
			TimeUnit.NANOSECONDS.sleep(HandlerWatchProgram.WARN_AFTER.multipliedBy(2).toNanos());
			String waits = waits(program);
			program.send("CONT");
			awaitLook(program, waits);
			program.writeLine("return");
			assertThat(program.readLines()).containsExactly("returned");
		}
	}

	private static void awaitLook(JavaProgram program, String waits) {
		await().pollInterval(Duration.ofMillis(1)).until(() -> !waits(program).equals(waits));
	}

	/** Returns how often the watch of a process has waited. */
	private static String waits(JavaProgram program) throws IOException {
		try (Stream<Path> threads = Files.list(Path.of("/proc", String.valueOf(program.pid()), "task"))) {
			return threads.map((thread) -> lines(thread.resolve("status")))
				.filter((lines) -> lines.get(0).equals("Name:\tmainloop-watch"))
				.flatMap(List::stream)
				.filter((line) -> line.startsWith("voluntary_ctxt_switches"))
				.findAny()
				.orElse("");
		}
	}

	private static List<String> lines(Path file) {
		try {
			return Files.readAllLines(file);
		}
		catch (IOException ex) {
			// The thread may have ended.
			return List.of("");
		}
	}

	@Test
	void timeMustBeMoreThanZero() {
		assertThatIllegalArgumentException()
			.isThrownBy(() -> new HandlerWatch(this.loop, Duration.ZERO, RunningHandler::source, this.told::add))
			.withMessageContaining("'warnAfter' must be more than zero but is PT0S");
	}

	private HandlerWatch watch(Consumer<BlockedHandler> listener) {
		return watch((running) -> "handler of " + running.source(), listener);
	}

	private HandlerWatch watch(Function<RunningHandler, String> names, Consumer<BlockedHandler> listener) {
		HandlerWatch watch = new HandlerWatch(this.loop, WARN_AFTER, names, listener);
		watch.start();
		return watch;
	}

	private BlockedHandler next() throws InterruptedException {
		BlockedHandler next = this.told.poll(LoopRunner.TIMEOUT_SECONDS, TimeUnit.SECONDS);
		assertThat(next).isNotNull();
		return next;
	}

}

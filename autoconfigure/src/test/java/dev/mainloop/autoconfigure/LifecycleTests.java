package dev.mainloop.autoconfigure;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;

import dev.mainloop.EventQueue;
import dev.mainloop.MainLoop;
import dev.mainloop.MainLoopState;
import dev.mainloop.annotation.EventHandler;
import dev.mainloop.annotation.OnMessage;
import dev.mainloop.annotation.OnReadable;
import dev.mainloop.annotation.OnSignal;
import dev.mainloop.annotation.OnTimer;
import dev.mainloop.fd.EventFd;
import dev.mainloop.fd.FileDescriptor;
import dev.mainloop.handler.MainLoopLifecycle;
import dev.mainloop.kernel.ProcessFiles;
import dev.mainloop.testing.LinuxTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.Timeout.ThreadMode;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

import org.springframework.beans.factory.config.BeanDefinition;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.autoconfigure.context.LifecycleAutoConfiguration;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.SmartLifecycle;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

/**
 * Starts, stops and ends of application contexts with a main loop.
 */
@LinuxTest
@Timeout(value = 60, threadMode = ThreadMode.SEPARATE_THREAD)
class LifecycleTests {

	private final ApplicationContextRunner contextRunner = new ApplicationContextRunner()
		.withConfiguration(AutoConfigurations.of(MainLoopAutoConfiguration.class));

	private final ApplicationContextRunner everyKind = this.contextRunner
		.withBean("completions", EventFd.class, () -> EventFd.open(0))
		.withBean("everyKind", EveryKind.class);

	@Test
	void contextThatIsPausedAndRestartedShouldServeEveryKindOfEvent() {
		this.everyKind.run((context) -> {
			MainLoop loop = context.getBean(MainLoop.class);
			for (int i = 0; i < 3; i++) {
				context.getBean(EveryKind.class).awaitEvents();
				context.pause();
				assertThat(loop.state()).isEqualTo(MainLoopState.STOPPED);
				assertThat(loop.thread()).isNull();
				assertThat(loop.signalsDescription()).isEqualTo("none");
				assertThat(context.getBean(EveryKind.class).numbers.offer(1)).isFalse();
				context.restart();
				assertThat(loop.state()).isEqualTo(MainLoopState.RUNNING);
			}
			context.getBean(EveryKind.class).awaitEvents();
		});
	}

	@Test
	void startsAndStopsShouldLeaveNothingOpen() {
		List<String> before = ProcessFiles.anonymous();
		this.everyKind.run((context) -> {
			context.getBean(EveryKind.class).awaitEvents();
			List<String> running = ProcessFiles.anonymous();
			for (int i = 0; i < 20; i++) {
				context.stop();
				context.start();
			}
			context.getBean(EveryKind.class).awaitEvents();
			assertThat(ProcessFiles.anonymous()).isEqualTo(running);
			await().untilAsserted(() -> assertThat(loopThreads()).hasSize(1));
		});
		assertThat(ProcessFiles.anonymous()).isEqualTo(before);
		await().untilAsserted(() -> assertThat(loopThreads()).isEmpty());
	}

	@Test
	void contextsShouldHaveLoopsOfTheirOwn() {
		this.everyKind.run((one) -> {
			this.everyKind.run((other) -> {
				assertThat(one.getBean(MainLoop.class)).isNotSameAs(other.getBean(MainLoop.class));
				await().untilAsserted(() -> assertThat(loopThreads()).hasSize(2));
				signal();
				one.getBean(EveryKind.class).awaitEvent("signal");
				other.getBean(EveryKind.class).awaitEvent("signal");
				other.getBean(EveryKind.class).awaitEvents();
			});
			one.getBean(EveryKind.class).awaitEvents();
		});
	}

	@Test
	void childContextShouldHaveALoopOfItsOwn() {
		this.everyKind.run((parent) -> this.everyKind.withParent(parent).run((child) -> {
			assertThat(child).hasNotFailed();
			assertThat(child.getBean(MainLoop.class)).isNotSameAs(parent.getBean(MainLoop.class));
			child.getBean("everyKind", EveryKind.class).awaitEvents();
			parent.getBean("everyKind", EveryKind.class).awaitEvents();
		}));
	}

	@Test
	void sourcesShouldBeOpenBeforeTheWebServerStartsAndUntilItHasStopped() {
		List<WebServerPhase> webServer = new ArrayList<>();
		this.everyKind.withBean(WebServerPhase.class)
			.run((context) -> webServer.add(context.getBean(WebServerPhase.class)));
		String all = "{descriptors=1, queues=1, signals=1, timers=1}";
		assertThat(webServer).singleElement().satisfies((phase) -> assertThat(phase.seen).containsExactly(all, all));
	}

	static List<Arguments> failing() {
		return List.of(Arguments.of(PrivateHandler.class, "it is private"),
				Arguments.of(RegularFileReader.class, "its file descriptor 'file' cannot be watched"),
				Arguments.of(UnusableSignal.class, "SIGKILL cannot be handled"),
				Arguments.of(Last.class, "The port is in use"));
	}

	@ParameterizedTest
	@MethodSource("failing")
	void startThatFailsShouldLeaveNothingOpen(Class<?> failing, String message, @TempDir Path directory)
			throws Exception {
		Path file = Files.createFile(directory.resolve("file"));
		List<String> before = ProcessFiles.anonymous();
		this.everyKind.withBean("file", FileDescriptor.class, () -> FileDescriptor.open(file))
			.withBean("failing", failing)
			.run((context) -> assertThat(context).getFailure().hasStackTraceContaining(message));
		assertThat(ProcessFiles.anonymous()).isEqualTo(before);
		assertThat(ProcessFiles.open()).doesNotContainValue(file.toString());
		await().untilAsserted(() -> assertThat(loopThreads()).isEmpty());
	}

	@Test
	@ExtendWith(OutputCaptureExtension.class)
	void contextThatAHandlerClosesShouldNotWaitForIt(CapturedOutput output) {
		this.contextRunner.withBean(Closing.class).run((context) -> {
			Closing closing = context.getBean(Closing.class);
			MainLoop loop = context.getBean(MainLoop.class);
			EventQueue<ConfigurableApplicationContext> contexts = closing.contexts;
			CountDownLatch sent = new CountDownLatch(1);
			loop.execute(() -> awaitLatch(sent));
			for (int i = 0; i < 3; i++) {
				contexts.send(context.getSourceApplicationContext());
			}
			sent.countDown();
			await().until(() -> loop.state() == MainLoopState.CLOSED);
			assertThat(closing.closed).isEqualTo(1);
		});
		assertThat(output).contains("was closed with 2 messages that were not handled");
	}

	@Test
	void loopThatAHandlerStopsShouldHandleWhatWaits() {
		this.contextRunner.withBean(Closing.class).run((context) -> {
			MainLoop loop = context.getBean(MainLoop.class);
			CountDownLatch done = new CountDownLatch(1);
			loop.execute(() -> {
				context.stop();
				loop.execute(done::countDown);
			});
			awaitLatch(done);
			await().until(() -> loop.state() == MainLoopState.STOPPED);
			context.start();
			assertThat(loop.state()).isEqualTo(MainLoopState.RUNNING);
		});
	}

	@Test
	@ExtendWith(OutputCaptureExtension.class)
	void whenStopTimesOutStartShouldHaveTheLoopGoOn(CapturedOutput output) {
		impatient().withBean(Stuck.class).run((context) -> {
			MainLoop loop = context.getBean(MainLoop.class);
			Stuck stuck = context.getBean(Stuck.class);
			MainLoopLifecycle lifecycle = context.getBean(MainLoopLifecycle.class);
			Thread thread = loop.thread();
			stuck.latches.send(stuck.release);
			awaitLatch(stuck.entered);
			context.stop();
			assertThat(loop.state()).isEqualTo(MainLoopState.STOPPING);
			assertThat(lifecycle.isRunning()).isFalse();
			context.start();
			assertThat(lifecycle.isRunning()).isTrue();
			assertThat(loop.state()).isEqualTo(MainLoopState.RUNNING);
			assertThat(loop.thread()).isSameAs(thread);
			CountDownLatch last = new CountDownLatch(0);
			stuck.latches.send(last);
			stuck.release.countDown();
			await().untilAsserted(() -> assertThat(stuck.handled).containsExactly(stuck.release, last));
			assertThat(stuck.ticks).isPositive();
			assertThat(output).doesNotContain("Main loop has stopped");
			context.stop();
			await().untilAsserted(() -> assertThat(output).containsOnlyOnce("Main loop has stopped"));
			assertThat(loop.state()).isEqualTo(MainLoopState.STOPPED);
			context.start();
			stuck.latches.send(new CountDownLatch(0));
			await().untilAsserted(() -> assertThat(stuck.handled).hasSize(3));
		});
	}

	@Test
	void whenStopTimesOutAndTheHandlerReturnsStartShouldStartTheLoop() {
		impatient().withBean(Stuck.class).run((context) -> {
			MainLoop loop = context.getBean(MainLoop.class);
			Stuck stuck = context.getBean(Stuck.class);
			stuck.latches.send(stuck.release);
			awaitLatch(stuck.entered);
			context.stop();
			stuck.release.countDown();
			await().until(() -> loop.state() == MainLoopState.STOPPED);
			context.start();
			stuck.latches.send(new CountDownLatch(0));
			await().untilAsserted(() -> assertThat(stuck.handled).hasSize(2));
		});
	}

	@Test
	@ExtendWith(OutputCaptureExtension.class)
	void handlerThatDoesNotReturnShouldBeNamedBeforeThePhaseIsOver(CapturedOutput output) {
		CountDownLatch release = new CountDownLatch(1);
		impatient().withPropertyValues("spring.lifecycle.timeout-per-shutdown-phase=4s")
			.withBean(Stuck.class)
			.run((context) -> {
				Stuck stuck = context.getBean(Stuck.class);
				stuck.latches.send(release);
				awaitLatch(stuck.entered);
			});
		assertThat(output)
			.contains("Main loop has not stopped within 3000 ms",
					"Main loop has not stopped, as the handler 'lifecycleTests.Stuck.waitFor' has not returned")
			.doesNotContain("Shutdown phase");
		release.countDown();
	}

	@Test
	void startByStopperShouldReleaseWhoWaitsForTheStop() throws Exception {
		this.contextRunner.withBean(Stuck.class).run((context) -> {
			MainLoop loop = context.getBean(MainLoop.class);
			Stuck stuck = context.getBean(Stuck.class);
			MainLoopLifecycle lifecycle = context.getBean(MainLoopLifecycle.class);
			stuck.latches.send(stuck.release);
			awaitLatch(stuck.entered);
			CompletableFuture<Void> stop = CompletableFuture.runAsync(lifecycle::stop);
			await().until(() -> loop.state() == MainLoopState.STOPPING);
			lifecycle.start();
			stop.get(30, TimeUnit.SECONDS);
			assertThat(loop.state()).isEqualTo(MainLoopState.RUNNING);
			stuck.release.countDown();
		});
	}

	@Test
	void handlerShouldRestartTheContext() {
		this.contextRunner.withBean(Stuck.class).run((context) -> {
			MainLoop loop = context.getBean(MainLoop.class);
			Stuck stuck = context.getBean(Stuck.class);
			CountDownLatch done = new CountDownLatch(1);
			loop.execute(() -> {
				context.stop();
				context.start();
				stuck.latches.send(new CountDownLatch(0));
				done.countDown();
			});
			awaitLatch(done);
			await().untilAsserted(() -> assertThat(stuck.handled).hasSize(1));
			assertThat(loop.state()).isEqualTo(MainLoopState.RUNNING);
		});
	}

	@Test
	void startThatIsOutOfMemoryShouldLeaveNoSourceOpenAndTheLoopToTheNextStart() {
		AtomicBoolean exhausted = new AtomicBoolean();
		try (EventFd eventFd = EventFd.open(0)) {
			this.everyKind.withBean("scarce", EventFd.class, () -> {
				if (exhausted.get()) {
					throw new OutOfMemoryError("expected");
				}
				return eventFd;
			}, (definition) -> definition.setScope(BeanDefinition.SCOPE_PROTOTYPE))
				.withBean(Reader.class)
				.run((context) -> {
					MainLoop loop = context.getBean(MainLoop.class);
					MainLoopLifecycle lifecycle = context.getBean(MainLoopLifecycle.class);
					context.stop();
					exhausted.set(true);
					assertThatThrownBy(lifecycle::start).hasRootCauseInstanceOf(OutOfMemoryError.class);
					assertThat(lifecycle.isRunning()).isFalse();
					assertThat(loop.sourceCounts()).containsEntry("timers", 0)
						.containsEntry("signals", 0)
						.containsEntry("descriptors", 0);
					exhausted.set(false);
					context.start();
					context.getBean(EveryKind.class).awaitEvents();
				});
		}
	}

	private ApplicationContextRunner impatient() {
		return this.contextRunner.withConfiguration(AutoConfigurations.of(LifecycleAutoConfiguration.class))
			.withPropertyValues("spring.lifecycle.timeout-per-shutdown-phase=100ms");
	}

	private static void awaitLatch(CountDownLatch latch) {
		try {
			assertThat(latch.await(30, TimeUnit.SECONDS)).isTrue();
		}
		catch (InterruptedException ex) {
			throw new IllegalStateException(ex);
		}
	}

	private static List<String> loopThreads() {
		return Thread.getAllStackTraces().keySet().stream().map(Thread::getName).filter("mainloop"::equals).toList();
	}

	private static void signal() throws Exception {
		String command = "kill -WINCH " + ProcessHandle.current().pid();
		assertThat(new ProcessBuilder("sh", "-c", command).start().waitFor()).isZero();
	}

	@EventHandler
	static class EveryKind {

		private final BlockingQueue<String> events = new LinkedBlockingQueue<>();

		private final EventQueue<Integer> numbers;

		private final EventFd completions;

		EveryKind(EventQueue<Integer> numbers, EventFd completions) {
			this.numbers = numbers;
			this.completions = completions;
		}

		@OnTimer(every = "1ms")
		void tick() {
			this.events.add("timer");
		}

		@OnSignal("WINCH")
		void resized() {
			this.events.add("signal");
		}

		@OnMessage
		void number(Integer number) {
			this.events.add("message");
		}

		@OnReadable("completions")
		void completed(EventFd completions) {
			completions.take();
			this.events.add("readable");
		}

		void awaitEvents() throws Exception {
			this.events.clear();
			this.numbers.send(1);
			this.completions.add(1);
			signal();
			for (String event : List.of("timer", "signal", "message", "readable")) {
				awaitEvent(event);
			}
		}

		void awaitEvent(String event) {
			await().pollInterval(Duration.ofMillis(2)).untilAsserted(() -> assertThat(this.events).contains(event));
		}

	}

	/** Starts and stops where the web server does. */
	static class WebServerPhase implements SmartLifecycle {

		private final List<String> seen = new CopyOnWriteArrayList<>();

		private final MainLoop loop;

		private boolean running;

		WebServerPhase(MainLoop loop) {
			this.loop = loop;
		}

		@Override
		public void start() {
			this.running = true;
			look();
		}

		@Override
		public void stop() {
			this.running = false;
			look();
		}

		private void look() {
			CompletableFuture<String> seen = new CompletableFuture<>();
			this.loop.execute(() -> seen.complete(this.loop.sourceCounts().toString()));
			this.seen.add(seen.orTimeout(30, TimeUnit.SECONDS).join());
		}

		@Override
		public boolean isRunning() {
			return this.running;
		}

		@Override
		public int getPhase() {
			return DEFAULT_PHASE - 2048;
		}

	}

	@EventHandler
	static class PrivateHandler {

		@OnTimer(every = "1s")
		private void tick() {
		}

	}

	@EventHandler
	static class RegularFileReader {

		@OnReadable("file")
		void read() {
		}

	}

	@EventHandler
	static class UnusableSignal {

		@OnSignal("SIGKILL")
		void killed() {
		}

	}

	/** Fails when all else has started. */
	static class Last implements SmartLifecycle {

		@Override
		public void start() {
			throw new IllegalStateException("The port is in use");
		}

		@Override
		public void stop() {
		}

		@Override
		public boolean isRunning() {
			return false;
		}

	}

	@EventHandler
	static class Closing {

		private final EventQueue<ConfigurableApplicationContext> contexts;

		private volatile int closed;

		Closing(EventQueue<ConfigurableApplicationContext> contexts) {
			this.contexts = contexts;
		}

		@OnMessage
		void close(ConfigurableApplicationContext context) {
			this.closed++;
			context.close();
		}

	}

	@EventHandler
	static class Stuck {

		private final CountDownLatch entered = new CountDownLatch(1);

		private final CountDownLatch release = new CountDownLatch(1);

		private final List<CountDownLatch> handled = new CopyOnWriteArrayList<>();

		private final EventQueue<CountDownLatch> latches;

		private volatile int ticks;

		Stuck(EventQueue<CountDownLatch> latches) {
			this.latches = latches;
		}

		@OnMessage
		void waitFor(CountDownLatch latch) {
			this.entered.countDown();
			awaitLatch(latch);
			this.handled.add(latch);
		}

		@OnTimer(every = "1ms")
		void tick() {
			this.ticks++;
		}

	}

	@EventHandler
	static class Reader {

		@OnReadable("scarce")
		void read() {
		}

	}

}

package dev.mainloop;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

import dev.mainloop.fd.EventFd;
import dev.mainloop.fd.FileDescriptor;
import dev.mainloop.fd.Signal;
import dev.mainloop.fd.SignalInfo;
import dev.mainloop.kernel.Capability;
import dev.mainloop.kernel.DelegatingMultiplexer;
import dev.mainloop.kernel.Kernel;
import dev.mainloop.multiplexer.MultiplexerKind;
import dev.mainloop.multiplexer.Readiness;
import dev.mainloop.multiplexer.Trigger;
import dev.mainloop.testing.JavaProgram;
import dev.mainloop.testing.LinuxTest;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;

/**
 * Errors of the JVM itself, as it throws them.
 */
@LinuxTest
class FatalErrorTests {

	private final BlockingQueue<Throwable> errors = new LinkedBlockingQueue<>();

	private final List<Object> events = new ArrayList<>();

	private final MainLoop loop = MainLoop.builder().errorHandler((source, event, error) -> {
		this.events.add(event);
		this.errors.add(error);
	}).build();

	@AfterEach
	void close() {
		this.loop.close();
	}

	@ParameterizedTest
	@EnumSource
	void timerShouldGoOnAfter(Fatal fatal) {
		this.loop.every("timer", Duration.ZERO, Duration.ofNanos(1), (timer) -> fatal.happen());
		runUntilErrors(2, fatal);
		assertThat(this.events).hasOnlyElementsOfType(TimerTick.class);
	}

	@ParameterizedTest
	@EnumSource
	void queueShouldGoOnAfter(Fatal fatal) {
		QueueSource<String> queue = this.loop.queue("queue", 8, (message) -> fatal.happen());
		queue.send("a");
		queue.send("b");
		runUntilErrors(2, fatal);
		assertThat(this.events).containsExactly("a", "b");
	}

	@ParameterizedTest
	@EnumSource
	void descriptorShouldGoOnAfter(Fatal fatal) {
		try (EventFd ready = EventFd.open(1)) {
			this.loop.watch("fd", ready, Readiness.READABLE, (fd, readiness) -> fatal.happen());
			runUntilErrors(2, fatal);
			assertThat(this.events.get(0)).isEqualTo(Readiness.of(Readiness.READABLE));
		}
	}

	@ParameterizedTest
	@EnumSource
	void signalShouldGoOnAfter(Fatal fatal) throws Exception {
		Signal winch = Signal.of("WINCH");
		this.loop.onSignal("signal", winch, (info) -> fatal.happen());
		for (int i = 1; i <= 2; i++) {
			String command = "kill -WINCH " + ProcessHandle.current().pid();
			assertThat(new ProcessBuilder("sh", "-c", command).start().waitFor()).isZero();
			runUntilErrors(1, fatal);
			assertThat(this.events).hasSize(i).allSatisfy((event) -> assertThat(event).isEqualTo(SignalInfo.of(winch)));
		}
	}

	@ParameterizedTest
	@EnumSource
	void clockShouldGoOnAfter(Fatal fatal) {
		Capability.SYS_TIME.assume();
		this.loop.onClockSet("clock", (change) -> fatal.happen());
		for (int i = 1; i <= 2; i++) {
			Kernel.setClockToItsTime();
			runUntilErrors(1, fatal);
		}
		assertThat(this.events).hasOnlyElementsOfType(ClockChange.class);
	}

	@ParameterizedTest
	@EnumSource
	void postedTaskShouldGoOnAfter(Fatal fatal) {
		this.loop.execute(fatal::happen);
		this.loop.execute(fatal::happen);
		runUntilErrors(2, fatal);
	}

	@ParameterizedTest
	@EnumSource
	void errorHandlerThatFailsShouldNotEndTheLoop(Fatal fatal) {
		List<String> handled = new ArrayList<>();
		try (MainLoop failing = MainLoop.builder().errorHandler((source, event, error) -> fatal.happen()).build()) {
			failing.execute(() -> {
				throw new IllegalStateException("expected");
			});
			failing.execute(() -> handled.add("second"));
			failing.execute(failing::stop);
			failing.run();
			assertThat(failing.state()).isEqualTo(MainLoopState.STOPPED);
			assertThat(handled).containsExactly("second");
		}
	}

	@Test
	void exhaustedHeapShouldLeaveTheLoopAlive() throws Exception {
		try (JavaProgram program = JavaProgram.start(List.of(), List.of("-Xmx24m"), HeapProgram.class)) {
			assertThat(program.readLine()).isEqualTo("java.lang.OutOfMemoryError of 'hungry'");
			assertThat(program.readLine()).isEqualTo("handled after it");
			assertThat(program.readLine()).isEqualTo("java.lang.OutOfMemoryError of 'hungry'");
			assertThat(program.readLine()).isEqualTo("handled after it");
			assertThat(program.exitCode()).isZero();
		}
	}

	@Test
	@ExtendWith(OutputCaptureExtension.class)
	void errorOfTheLoopItselfShouldEndItAsFailedAndBeLogged(CapturedOutput output) {
		try (MainLoop failing = MainLoop.builder().multiplexer(FailingMultiplexer::new).build()) {
			MainLoopThread thread = new MainLoopThread(failing);
			thread.start();
			await().until(() -> failing.state() == MainLoopState.FAILED);
			thread.stop().orTimeout(LoopRunner.TIMEOUT_SECONDS, TimeUnit.SECONDS).join();
			assertThat(failing.failure()).isInstanceOf(StackOverflowError.class);
		}
		assertThat(output).contains("The main loop has failed and does not run any more")
			.contains("StackOverflowError");
	}

	@Test
	void errorOfADescriptorOfTheLoopItselfShouldEndItAsFailed() {
		try (EventFd ready = EventFd.open(1)) {
			this.loop.cycle().descriptors().add(new Watcher() {

				@Override
				public FileDescriptor fd() {
					return ready;
				}

				@Override
				public Trigger trigger() {
					return Trigger.LEVEL;
				}

				@Override
				public void ready(int readiness) {
					Fatal.STACK_OVERFLOW.happen();
				}

			});
			assertThatExceptionOfType(IllegalStateException.class).isThrownBy(this.loop::runOnce)
				.withCauseInstanceOf(StackOverflowError.class);
			assertThat(this.loop.state()).isEqualTo(MainLoopState.FAILED);
		}
	}

	private void runUntilErrors(int count, Fatal fatal) {
		while (this.errors.size() < count) {
			this.loop.runOnce(Duration.ofSeconds(LoopRunner.TIMEOUT_SECONDS));
		}
		assertThat(this.errors).allSatisfy((error) -> assertThat(error).isInstanceOf(fatal.type));
		this.errors.clear();
	}

	/** What a handler may do to the JVM. */
	enum Fatal {

		STACK_OVERFLOW(StackOverflowError.class) {

			@Override
			void happen() {
				recurse(0);
			}

			private int recurse(int depth) {
				return 1 + recurse(depth + 1);
			}

		},

		LINKAGE(LinkageError.class) {

			@Override
			void happen() {
				Unlinkable.touch();
			}

		},

		OUT_OF_MEMORY(OutOfMemoryError.class) {

			@Override
			void happen() {
				assertThat(new long[Integer.MAX_VALUE]).isNull();
			}

		};

		private final Class<? extends Error> type;

		Fatal(Class<? extends Error> type) {
			this.type = type;
		}

		abstract void happen();

	}

	/** A class that fails to be initialized, and is not found after that. */
	private static final class Unlinkable {

		private static final int VALUE = Integer.parseInt("none");

		static void touch() {
			assertThat(VALUE).isZero();
		}

	}

	private static final class FailingMultiplexer extends DelegatingMultiplexer {

		FailingMultiplexer() {
			super(MultiplexerKind.EPOLL.get());
		}

		@Override
		public int await(long timeoutNanos) {
			Fatal.STACK_OVERFLOW.happen();
			return 0;
		}

	}

}

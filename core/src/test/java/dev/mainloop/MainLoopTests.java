package dev.mainloop;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

import dev.mainloop.fd.ClockId;
import dev.mainloop.fd.EventFd;
import dev.mainloop.fd.FileDescriptor;
import dev.mainloop.fd.Signal;
import dev.mainloop.kernel.DelegatingMultiplexer;
import dev.mainloop.kernel.ProcessFiles;
import dev.mainloop.libc.ErrnoException;
import dev.mainloop.multiplexer.EpollMultiplexer;
import dev.mainloop.multiplexer.Readiness;
import dev.mainloop.multiplexer.Trigger;
import dev.mainloop.testing.LinuxTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

@LinuxTest
class MainLoopTests {

	@Test
	void runShouldHandleTimersTasksQueuesAndDescriptors() throws Exception {
		try (MainLoop loop = MainLoop.builder().build(); EventFd eventFd = EventFd.open(0)) {
			List<String> order = new ArrayList<>();
			CountDownLatch done = new CountDownLatch(4);
			loop.after("once", Duration.ofMillis(1), (timer) -> {
				order.add(timer.description());
				done.countDown();
			});
			EventQueue<String> queue = loop.queue("strings", 16, (message) -> {
				order.add(message);
				done.countDown();
			});
			loop.watch("eventfd", eventFd, Readiness.READABLE, (fd, readiness) -> {
				order.add(readiness.toString() + eventFd.take());
				done.countDown();
			});
			try (LoopRunner runner = LoopRunner.start(loop)) {
				queue.send("hello");
				eventFd.add(7);
				loop.execute(() -> {
					order.add("task");
					done.countDown();
				});
				LoopRunner.await(done);
				runner.stop();
			}
			assertThat(order).containsExactlyInAnyOrder("once", "hello", "readable7", "task");
			assertThat(loop.state()).isEqualTo(MainLoopState.STOPPED);
		}
	}

	@Test
	void stateShouldFollowLife() {
		MainLoop loop = MainLoop.builder().build();
		assertThat(loop.state()).isEqualTo(MainLoopState.NEW);
		loop.runOnce();
		assertThat(loop.state()).isEqualTo(MainLoopState.NEW);
		assertThat(loop.thread()).isNull();
		LoopRunner runner = LoopRunner.start(loop);
		assertThat(loop.state()).isEqualTo(MainLoopState.RUNNING);
		assertThat(loop.thread()).isNotNull();
		runner.stop();
		assertThat(loop.state()).isEqualTo(MainLoopState.STOPPED);
		loop.runOnce();
		assertThat(loop.state()).isEqualTo(MainLoopState.STOPPED);
		loop.close();
		assertThat(loop.state()).isEqualTo(MainLoopState.CLOSED);
	}

	@Test
	void sourceCountsShouldCountEachSourceOfADescriptor() {
		try (MainLoop loop = MainLoop.builder().build(); EventFd eventFd = EventFd.open(0)) {
			loop.watch("readable", eventFd, Readiness.READABLE, (fd, readiness) -> {
			});
			loop.watch("exceptional", eventFd, Readiness.PRIORITY, (fd, readiness) -> {
			});
			assertThat(loop.sourceCounts()).containsEntry("descriptors", 2);
		}
	}

	@Test
	void sourceCountsShouldCountEachKindOfUsers() {
		MainLoop loop = MainLoop.builder().build();
		try (loop; EventFd eventFd = EventFd.open(0)) {
			assertThat(loop.sourceCounts().values()).containsOnly(0);
			loop.watch("fd", eventFd, Readiness.READABLE, (fd, readiness) -> {
			});
			loop.queue("queue", 1, (message) -> {
			});
			loop.onSignal("signal", Signal.of("WINCH"), (signal) -> {
			});
			loop.after("timer", Duration.ofHours(1), (timer) -> {
			});
			LoopRunner.runUntilIdle(loop);
			assertThat(loop.sourceCounts()).containsOnlyKeys("descriptors", "queues", "signals", "timers");
			assertThat(loop.sourceCounts().values()).containsOnly(1);
		}
		assertThat(loop.sourceCounts().values()).containsOnly(0);
	}

	@Test
	void runOnceWhenAnotherThreadRunsShouldThrow() {
		try (MainLoop loop = MainLoop.builder().build(); LoopRunner runner = LoopRunner.start(loop)) {
			assertThatIllegalStateException().isThrownBy(loop::runOnce)
				.withMessageContaining("runs on")
				.withMessageContaining("mainloop");
			assertThatIllegalStateException().isThrownBy(loop::run);
			assertThat(runner.thread().isRunning()).isTrue();
			assertThat(loop.state()).isEqualTo(MainLoopState.RUNNING);
		}
	}

	@Test
	void runOnceByHandlerShouldThrow() {
		try (MainLoop loop = MainLoop.builder().build()) {
			List<Throwable> thrown = new ArrayList<>();
			loop.execute(() -> assertThatIllegalStateException().isThrownBy(loop::runOnce)
				.satisfies((ex) -> thrown.add(ex)));
			loop.runOnce();
			assertThat(thrown).hasSize(1);
		}
	}

	@Test
	void runOnceWithTimeoutShouldWaitForEventAtMost() {
		try (MainLoop loop = MainLoop.builder().build(); EventFd eventFd = EventFd.open(0)) {
			long start = System.nanoTime();
			loop.runOnce(Duration.ofMillis(10));
			assertThat(System.nanoTime() - start).isGreaterThanOrEqualTo(TimeUnit.MILLISECONDS.toNanos(10));
			List<Readiness> received = new ArrayList<>();
			loop.watch("fd", eventFd, Readiness.READABLE, (fd, readiness) -> received.add(readiness));
			eventFd.add(1);
			loop.runOnce(Duration.ofSeconds(Long.MAX_VALUE));
			assertThat(received).hasSize(1);
		}
	}

	@Test
	void closeWhileRunningShouldEndThreadAndCloseSources() throws Exception {
		MainLoop loop = MainLoop.builder().build();
		try (EventFd eventFd = EventFd.open(0)) {
			List<EventSource> sources = sources(loop, eventFd);
			LoopRunner runner = LoopRunner.start(loop);
			runner.awaitIteration();
			loop.close();
			runner.stop();
			assertThat(loop.state()).isEqualTo(MainLoopState.CLOSED);
			assertThat(runner.thread().isRunning()).isFalse();
			assertClosed(sources);
			assertThat(eventFd.isOpen()).isTrue();
		}
	}

	@Test
	void closeByHandlerShouldEndThread() throws Exception {
		MainLoop loop = MainLoop.builder().build();
		LoopRunner runner = LoopRunner.start(loop);
		CountDownLatch closed = new CountDownLatch(1);
		loop.execute(() -> {
			loop.close();
			closed.countDown();
		});
		LoopRunner.await(closed);
		runner.stop();
		assertThat(loop.state()).isEqualTo(MainLoopState.CLOSED);
	}

	@Test
	void closeShouldCloseEverySourcePausedOrNot() {
		try (EventFd one = EventFd.open(0); EventFd other = EventFd.open(0)) {
			MainLoop loop = MainLoop.builder().build();
			List<EventSource> enabled = sources(loop, one);
			List<EventSource> paused = sources(loop, other);
			paused.forEach(EventSource::pause);
			LoopRunner.runUntilIdle(loop);
			loop.close();
			assertClosed(enabled);
			assertClosed(paused);
		}
	}

	@Test
	void closeAgainShouldDoNothing() {
		MainLoop loop = MainLoop.builder().build();
		loop.close();
		List<String> before = ProcessFiles.anonymous();
		loop.close();
		assertThat(ProcessFiles.anonymous()).isEqualTo(before);
		assertThat(loop.state()).isEqualTo(MainLoopState.CLOSED);
	}

	@Test
	void useAfterCloseShouldThrow() {
		MainLoop loop = MainLoop.builder().build();
		loop.close();
		loop.stop();
		try (EventFd eventFd = EventFd.open(0)) {
			List<Runnable> uses = List.of(loop::run, loop::runOnce, () -> loop.queue("queue", 1, (message) -> {
			}), () -> loop.after("timer", Duration.ZERO, (timer) -> {
			}), () -> loop.onSignal("signal", Signal.of("WINCH"), (signal) -> {
			}), () -> loop.watch("fd", eventFd, Readiness.READABLE, (fd, readiness) -> {
			}), new MainLoopThread(loop)::start);
			assertThat(uses).allSatisfy((use) -> assertThatIllegalStateException().isThrownBy(use::run)
				.withMessage("The main loop is closed"));
		}
	}

	@Test
	void sourceThatIsOpenedWhileLoopClosesShouldNotStayBehind() {
		MainLoop loop = MainLoop.builder().build();
		loop.close();
		try (EventFd eventFd = EventFd.open(0)) {
			DutyCycle cycle = loop.cycle();
			DescriptorSource late = new DescriptorSource(cycle, cycle.descriptors(),
					cycle.timers().get(ClockId.MONOTONIC), SpinPolicy.WARN, "late", eventFd, Readiness.READABLE,
					Trigger.LEVEL, (fd, readiness) -> {
					});
			assertThatIllegalStateException().isThrownBy(late::open).withMessage("The main loop is closed");
			SignalSource signal = new SignalSource(cycle, cycle.signals(), "late", Signal.of("WINCH"), false,
					(info) -> {
					});
			assertThatIllegalStateException().isThrownBy(() -> cycle.signals().add(signal))
				.withMessage("The main loop is closed");
		}
	}

	@Test
	void buildAndCloseShouldLeaveNoDescriptorOpen() {
		MainLoop.builder().build().close();
		List<String> before = ProcessFiles.anonymous();
		for (int i = 0; i < 200; i++) {
			try (MainLoop loop = MainLoop.builder().build(); EventFd eventFd = EventFd.open(0)) {
				loop.watch("fd", eventFd, Readiness.READABLE, (fd, readiness) -> {
				});
				loop.runOnce();
			}
		}
		assertThat(ProcessFiles.anonymous()).isEqualTo(before);
	}

	@Test
	void buildWhenMultiplexerCannotBeOpenedShouldLeaveNoDescriptorOpen() {
		List<String> before = ProcessFiles.anonymous();
		assertThatIllegalStateException().isThrownBy(() -> MainLoop.builder().multiplexer(() -> {
			throw new IllegalStateException("expected");
		}).build()).withMessage("expected");
		assertThat(ProcessFiles.anonymous()).isEqualTo(before);
	}

	@ParameterizedTest
	@ValueSource(ints = { 0, 1 })
	void buildWhenMultiplexerRefusesShouldLeaveNoDescriptorOpen(int adds) {
		List<String> before = ProcessFiles.anonymous();
		assertThatIllegalStateException()
			.isThrownBy(() -> MainLoop.builder().multiplexer(() -> new RefusingMultiplexer(adds)).build())
			.withMessage("expected");
		assertThat(ProcessFiles.anonymous()).isEqualTo(before);
	}

	@Test
	void buildWhenHostIsNotLinuxShouldSaySo() {
		String before = System.getProperty("os.name");
		System.setProperty("os.name", "Mac OS X");
		try {
			assertThatExceptionOfType(UnsupportedPlatformException.class).isThrownBy(MainLoop.builder()::build)
				.withMessage(
						"The main loop is not available: epoll is a facility of Linux and this host runs Mac OS X");
		}
		finally {
			System.setProperty("os.name", before);
		}
	}

	@Test
	void runWhenWaitFailsShouldFailAndCloseAfterwards() {
		List<String> before = ProcessFiles.anonymous();
		MainLoop loop = MainLoop.builder().multiplexer(() -> new FailingMultiplexer()).build();
		assertThatExceptionOfType(ErrnoException.class).isThrownBy(loop::run);
		assertThat(loop.state()).isEqualTo(MainLoopState.FAILED);
		assertThat(loop.thread()).isNull();
		loop.close();
		assertThat(loop.state()).isEqualTo(MainLoopState.CLOSED);
		assertThat(ProcessFiles.anonymous()).isEqualTo(before);
	}

	@Test
	void multiplexerNameShouldBeEpoll() {
		try (MainLoop loop = MainLoop.builder().build()) {
			assertThat(loop.multiplexerName()).isEqualTo("epoll");
		}
	}

	private static List<EventSource> sources(MainLoop loop, FileDescriptor descriptor) {
		return List.of(loop.watch("fd", descriptor, Readiness.READABLE, (fd, readiness) -> {
		}), loop.queue("queue", 1, (message) -> {
		}), loop.onSignal("signal", Signal.of("WINCH"), (signal) -> {
		}), loop.every("timer", Duration.ofHours(1), Duration.ofHours(1), (timer) -> {
		}));
	}

	private static void assertClosed(List<EventSource> sources) {
		assertThat(sources).allSatisfy((source) -> {
			assertThat(source.state()).isEqualTo(EventSource.State.CLOSED);
			source.resume();
			source.pause();
			source.close();
			assertThat(source.state()).isEqualTo(EventSource.State.CLOSED);
		});
	}

	private static final class RefusingMultiplexer extends DelegatingMultiplexer {

		private int adds;

		private RefusingMultiplexer(int adds) {
			super(EpollMultiplexer.open());
			this.adds = adds;
		}

		/** Has the loop add a timerfd, too. */
		@Override
		public boolean isExact() {
			return false;
		}

		@Override
		public void add(FileDescriptor fd, int interest, Trigger trigger, long token) {
			if (this.adds-- == 0) {
				throw new IllegalStateException("expected");
			}
			super.add(fd, interest, trigger, token);
		}

	}

	private static final class FailingMultiplexer extends DelegatingMultiplexer {

		private FailingMultiplexer() {
			super(EpollMultiplexer.open());
		}

		@Override
		public int await(long timeoutNanos) {
			throw new ErrnoException(-9, "epoll_wait");
		}

	}

}

package dev.mainloop;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

import dev.mainloop.fd.EventFd;
import dev.mainloop.fd.Signal;
import dev.mainloop.kernel.DelegatingMultiplexer;
import dev.mainloop.kernel.EveryMultiplexer;
import dev.mainloop.kernel.Kernel;
import dev.mainloop.multiplexer.IoMultiplexer;
import dev.mainloop.multiplexer.MultiplexerKind;
import dev.mainloop.multiplexer.Readiness;
import dev.mainloop.testing.LinuxTest;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

@LinuxTest
@EveryMultiplexer
class BusyPollTests {

	private static final Duration LONG = Duration.ofHours(1);

	private static final Duration STEP = Duration.ofMillis(1);

	private final MultiplexerKind kind;

	/** The time-outs of the waits so far. */
	private final List<Long> waits = new ArrayList<>();

	BusyPollTests(MultiplexerKind kind) {
		this.kind = kind;
	}

	@Test
	void eventsOfEveryKindShouldReachLoopThatDoesNotSleep() throws Exception {
		Semaphore handled = new Semaphore(0);
		Signal winch = Signal.of("WINCH");
		try (MainLoop loop = builder().busyPoll(LONG).build();
				LoopRunner runner = LoopRunner.start(loop);
				EventFd fd = EventFd.open(0)) {
			EventQueue<String> queue = loop.queue("queue", 4, (message) -> handled.release());
			loop.watch("fd", fd, Readiness.READABLE, (ready, readiness) -> {
				fd.take();
				handled.release();
			});
			loop.onSignal("signal", winch, (info) -> handled.release());
			for (Runnable event : List.<Runnable>of(() -> queue.send("message"), () -> fd.add(1),
					() -> loop.after("timer", Duration.ofMillis(2), (timer) -> handled.release()),
					() -> Kernel.kill(ProcessHandle.current().pid(), winch.number()))) {
				event.run();
				assertThat(handled.tryAcquire(LoopRunner.TIMEOUT_SECONDS, TimeUnit.SECONDS)).isTrue();
				event.run();
				assertThat(handled.tryAcquire(LoopRunner.TIMEOUT_SECONDS, TimeUnit.SECONDS)).isTrue();
			}
			CountDownLatch waiting = new CountDownLatch(1);
			EventSource source = loop.queue("closed", 4, (message) -> {
			});
			loop.execute(waiting::countDown);
			LoopRunner.await(waiting);
			assertThat(source.close(LONG)).isTrue();
			runner.stop();
		}
		assertThat(this.waits).isNotEmpty().allMatch((timeout) -> timeout == 0);
	}

	@Test
	void closeShouldEndLoopThatDoesNotSleep() throws Exception {
		MainLoop loop = builder().busyPoll(LONG).build();
		try (LoopRunner runner = LoopRunner.start(loop)) {
			runner.awaitIteration();
			assertThat(loop.close(LONG)).isTrue();
		}
	}

	@Test
	void loopShouldSleepWhenNothingCameForTheTime() {
		ManualClock clock = new ManualClock();
		try (MainLoop loop = sleepless(clock).busyPoll(STEP.multipliedBy(3)).build()) {
			loop.runOnce(LONG);
			assertThat(this.waits).containsExactly(0L, 0L, 0L, LONG.minus(STEP.multipliedBy(3)).toNanos());
		}
	}

	@Test
	void waitShouldEndWithItsTimeout() {
		ManualClock clock = new ManualClock();
		try (MainLoop loop = sleepless(clock).busyPoll(LONG).build()) {
			loop.runOnce(STEP.multipliedBy(2));
			assertThat(this.waits).containsExactly(0L, 0L, 0L);
		}
	}

	@Test
	void timerShouldEndTheSearchForEvents() {
		ManualClock clock = new ManualClock();
		int[] expired = new int[1];
		try (MainLoop loop = sleepless(clock).busyPoll(LONG).build()) {
			loop.after("timer", STEP.multipliedBy(5), (timer) -> expired[0]++);
			loop.runOnce(LONG);
			assertThat(expired[0]).isOne();
			assertThat(this.waits).containsExactly(0L, 0L, 0L, 0L, 0L);
		}
	}

	@Test
	void withoutBusyPollLoopShouldSleepAtOnce() {
		ManualClock clock = new ManualClock();
		try (MainLoop loop = sleepless(clock).build()) {
			loop.runOnce(LONG);
			assertThat(this.waits).containsExactly(LONG.toNanos());
		}
	}

	private MainLoopBuilder builder() {
		return MainLoop.builder().multiplexer(() -> new Recorder(this.kind.get(), () -> {
		}, false));
	}

	/** Describes a loop for which each wait takes a step of the clock. */
	private MainLoopBuilder sleepless(ManualClock clock) {
		return MainLoop.builder()
			.clock(clock)
			.multiplexer(() -> new Recorder(this.kind.get(), () -> clock.advance(STEP), true));
	}

	/** Notes the time-outs of the waits. */
	private final class Recorder extends DelegatingMultiplexer {

		private final Runnable action;

		private final boolean sleepless;

		Recorder(IoMultiplexer delegate, Runnable action, boolean sleepless) {
			super(delegate);
			this.action = action;
			this.sleepless = sleepless;
		}

		@Override
		public int await(long timeoutNanos) {
			if (BusyPollTests.this.waits.size() < 1000) {
				BusyPollTests.this.waits.add(timeoutNanos);
			}
			this.action.run();
			return super.await(this.sleepless ? 0 : timeoutNanos);
		}

	}

}

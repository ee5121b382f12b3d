package dev.mainloop;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.FutureTask;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

import dev.mainloop.fd.EventFd;
import dev.mainloop.fd.FileDescriptor;
import dev.mainloop.kernel.CountingMultiplexer;
import dev.mainloop.kernel.EveryMultiplexer;
import dev.mainloop.kernel.ProcessFiles;
import dev.mainloop.multiplexer.MultiplexerKind;
import dev.mainloop.multiplexer.Trigger;
import dev.mainloop.testing.LinuxTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;

@LinuxTest
@EveryMultiplexer
class WakeUpTests {

	/** Many more than other reasons to wake up, many fewer than the calls of the test. */
	private static final int FEW = 100;

	private static final int MESSAGES = 1000;

	/**
	 * How many messages are handed over by each sender, of which
	 * {@code -Dmainloop.test.hand-overs} asks for more.
	 */
	private static final int HAND_OVERS = Integer.getInteger("mainloop.test.hand-overs", 20_000);

	/** The token of the source that a loop registers first. */
	private static final long WAKE_UP_TOKEN = 1L << 32;

	private final MultiplexerKind kind;

	WakeUpTests(MultiplexerKind kind) {
		this.kind = kind;
	}

	@Test
	void wakeUpWhenNobodyWaitsShouldNotWrite() {
		try (WakeUp wakeUp = new WakeUp(EventFd.open(0), Trigger.EDGE)) {
			wakeUp.wakeUp();
			wakeUp.beforeWait();
			wakeUp.afterWait();
			wakeUp.wakeUp();
			assertThat(((EventFd) wakeUp.fd()).take()).isZero();
		}
	}

	@Test
	void wakeUpWhenSomeoneWaitsShouldWriteOncePerWait() {
		try (WakeUp wakeUp = new WakeUp(EventFd.open(0), Trigger.EDGE)) {
			for (int i = 1; i <= 3; i++) {
				wakeUp.beforeWait();
				wakeUp.wakeUp();
				wakeUp.wakeUp();
				wakeUp.afterWait();
				assertThat(ProcessFiles.eventFdCount(wakeUp.fd())).isEqualTo(i);
			}
		}
	}

	@Test
	void wakeUpAfterCloseShouldDoNothing() {
		WakeUp wakeUp = new WakeUp(EventFd.open(0), Trigger.EDGE);
		wakeUp.beforeWait();
		wakeUp.close();
		wakeUp.wakeUp();
		assertThat(wakeUp.fd().isOpen()).isFalse();
	}

	@Test
	void sendWhenLoopDoesNotRunShouldNotWrite() {
		try (MainLoop loop = MainLoop.builder().multiplexer(this.kind).build()) {
			EventQueue<Integer> queue = loop.queue("queue", MESSAGES, (message) -> {
			});
			for (int i = 0; i < MESSAGES; i++) {
				queue.send(i);
				loop.execute(() -> {
				});
			}
			assertThat(ProcessFiles.eventFdCount(eventFd(loop))).isZero();
			LoopRunner.runUntilIdle(loop);
			assertThat(queue.size()).isZero();
			assertThat(ProcessFiles.eventFdCount(eventFd(loop))).isZero();
		}
	}

	@Test
	void sendWhenLoopIsBusyShouldNotWrite() throws Exception {
		try (MainLoop loop = MainLoop.builder().multiplexer(this.kind).build();
				LoopRunner runner = LoopRunner.start(loop)) {
			EventQueue<Integer> queue = loop.queue("queue", MESSAGES, (message) -> {
			});
			CountDownLatch busy = new CountDownLatch(1);
			CountDownLatch release = new CountDownLatch(1);
			loop.queue("busy", 1, (message) -> {
				busy.countDown();
				release.await();
			}).send("begin");
			LoopRunner.await(busy);
			long before = ProcessFiles.eventFdCount(eventFd(loop));
			for (int i = 0; i < MESSAGES; i++) {
				queue.send(i);
			}
			assertThat(ProcessFiles.eventFdCount(eventFd(loop))).isEqualTo(before);
			release.countDown();
			runner.stop();
			assertThat(queue.size()).isZero();
		}
	}

	@Test
	void rescheduleToLaterTimeShouldNotEndWait() throws Exception {
		CountingMultiplexer multiplexer = new CountingMultiplexer(this.kind.get());
		CompletableFuture<Integer> expired = new CompletableFuture<>();
		try (MainLoop loop = MainLoop.builder().multiplexer(() -> multiplexer).build();
				LoopRunner runner = LoopRunner.start(loop)) {
			Timer timer = loop.after("timeout", Duration.ofMinutes(1), (some) -> expired.complete(multiplexer.waits()));
			runner.awaitIteration();
			int before = multiplexer.waits();
			for (int i = 0; i < 100_000; i++) {
				timer.rescheduleAfter(Duration.ofMinutes(2));
				assertThat(timer.isClaimed()).isFalse();
			}
			timer.rescheduleAfter(Duration.ZERO);
			assertThat(expired.get(LoopRunner.TIMEOUT_SECONDS, TimeUnit.SECONDS) - before).isBetween(0, FEW);
		}
	}

	@Test
	void sendWhenLoopWaitsShouldAlwaysWakeIt() throws Exception {
		try (MainLoop loop = MainLoop.builder().multiplexer(this.kind).build();
				LoopRunner runner = LoopRunner.start(loop)) {
			Semaphore handled = new Semaphore(0);
			EventQueue<Integer> queue = loop.queue("queue", 8, (message) -> handled.release());
			for (int round = 0; round < 10_000; round++) {
				for (int spin = round % 64; spin > 0; spin--) {
					Thread.onSpinWait();
				}
				queue.send(round);
				assertThat(handled.tryAcquire(LoopRunner.TIMEOUT_SECONDS, TimeUnit.SECONDS)).as("round %d", round)
					.isTrue();
			}
			assertThat(runner.thread().isRunning()).isTrue();
		}
	}

	@ParameterizedTest
	@ValueSource(ints = { 1, 2, 3 })
	void sendWhenLoopIsAboutToWaitShouldAlwaysBeHandled(int senders) throws Exception {
		try (MainLoop loop = MainLoop.builder().multiplexer(this.kind).build();
				LoopRunner runner = LoopRunner.start(loop)) {
			List<FutureTask<Void>> tasks = new ArrayList<>();
			for (int i = 0; i < senders; i++) {
				FutureTask<Void> task = new FutureTask<>(() -> handOver(loop), null);
				tasks.add(task);
				new Thread(task, "sender").start();
			}
			for (FutureTask<Void> task : tasks) {
				task.get();
			}
			assertThat(runner.thread().isRunning()).isTrue();
		}
	}

	/** Sends a message when the one before was handled, after a pause of any length. */
	private static void handOver(MainLoop loop) {
		AtomicInteger handled = new AtomicInteger(-1);
		EventQueue<Integer> queue = loop.queue("queue", 8, handled::set);
		for (int round = 0; round < HAND_OVERS; round++) {
			queue.send(round);
			long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(LoopRunner.TIMEOUT_SECONDS);
			for (int spin = 1; handled.get() != round; spin++) {
				if (spin % 1000 == 0) {
					assertThat(System.nanoTime() - deadline).as("round %d", round).isNegative();
					Thread.yield();
				}
			}
			for (int spin = round % 256; spin > 0; spin--) {
				Thread.onSpinWait();
			}
		}
	}

	@Test
	void sendByTwoThreadsWhenLoopWaitsShouldAlwaysWakeIt() throws Exception {
		try (MainLoop loop = MainLoop.builder().multiplexer(this.kind).build();
				LoopRunner runner = LoopRunner.start(loop)) {
			CompletableFuture<Void> one = pingPong(loop);
			CompletableFuture<Void> other = pingPong(loop);
			CompletableFuture.allOf(one, other).get(2 * LoopRunner.TIMEOUT_SECONDS, TimeUnit.SECONDS);
			assertThat(runner.thread().isRunning()).isTrue();
		}
	}

	@Test
	void runOnceAfterWakeUpsShouldWaitAgain() throws Exception {
		try (MainLoop loop = MainLoop.builder().multiplexer(this.kind).build()) {
			try (LoopRunner runner = LoopRunner.start(loop)) {
				for (int i = 0; i < 10; i++) {
					runner.awaitIteration();
				}
			}
			LoopRunner.runUntilIdle(loop);
			long start = System.nanoTime();
			loop.runOnce(Duration.ofMillis(5));
			assertThat(System.nanoTime() - start).isGreaterThanOrEqualTo(TimeUnit.MILLISECONDS.toNanos(5));
		}
	}

	private static CompletableFuture<Void> pingPong(MainLoop loop) {
		Semaphore handled = new Semaphore(0);
		EventQueue<Integer> queue = loop.queue("queue", 8, (message) -> handled.release());
		CompletableFuture<Void> result = new CompletableFuture<>();
		new Thread(() -> {
			try {
				for (int round = 0; round < 5_000; round++) {
					queue.send(round);
					assertThat(handled.tryAcquire(LoopRunner.TIMEOUT_SECONDS, TimeUnit.SECONDS)).as("round %d", round)
						.isTrue();
				}
				result.complete(null);
			}
			catch (Throwable ex) {
				result.completeExceptionally(ex);
			}
		}, "sender").start();
		return result;
	}

	private static FileDescriptor eventFd(MainLoop loop) {
		Registration registration = loop.cycle().descriptors().find(WAKE_UP_TOKEN);
		assertThat(registration).isNotNull();
		assertThat(registration.fd()).isInstanceOf(EventFd.class);
		return registration.fd();
	}

}

package dev.mainloop;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

import dev.mainloop.EventSource.State;
import dev.mainloop.fd.EventFd;
import dev.mainloop.multiplexer.Readiness;
import dev.mainloop.testing.LinuxTest;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

@LinuxTest
@ExtendWith(OutputCaptureExtension.class)
class BlockingCallsTests {

	private final ManualClock clock = new ManualClock();

	/** What workers have got and not done yet. */
	private final Queue<Runnable> work = new ArrayDeque<>();

	private final List<String> told = new ArrayList<>();

	private Executor workers = this.work::add;

	private @Nullable MainLoop loop;

	@AfterEach
	void close() {
		if (this.loop != null) {
			this.loop.close();
		}
	}

	private MainLoop loop() {
		MainLoop made = MainLoop.builder()
			.clock(this.clock)
			.workers((task) -> this.workers.execute(task))
			.errorHandler((source, event, error) -> this.told.add(source + ": " + error))
			.build();
		this.loop = made;
		return made;
	}

	private void runWork() {
		Runnable task = this.work.remove();
		task.run();
	}

	@Test
	void queueShouldKeepMessagesBackWhileCallRuns() {
		MainLoop loop = loop();
		BlockingCalls calls = loop.blockingCalls("calls", 1);
		QueueSource<String> queue = loop.queue("queue", 4, (message) -> calls.begin(task(message)));
		List.of("a", "b", "c", "d").forEach(queue::send);
		LoopRunner.runUntilIdle(loop);
		assertThat(this.work).hasSize(1);
		assertThat(queue.state()).isEqualTo(State.HELD);
		assertThat(queue.size()).isEqualTo(3);
		assertThat(queue.offer("e")).isTrue();
		assertThat(queue.offer("f")).isFalse();
		for (int i = 0; i < 5; i++) {
			runWork();
			LoopRunner.runUntilIdle(loop);
		}
		assertThat(this.told).containsExactly("run a", "ended a", "run b", "ended b", "run c", "ended c", "run d",
				"ended d", "run e", "ended e");
		assertThat(queue.state()).isEqualTo(State.ENABLED);
		assertThat(calls.size()).isZero();
	}

	@Test
	void asManyCallsShouldRunAsMay() {
		MainLoop loop = loop();
		BlockingCalls calls = loop.blockingCalls("calls", 3);
		QueueSource<String> queue = loop.queue("queue", 8, (message) -> calls.begin(task(message)));
		List.of("a", "b", "c", "d", "e").forEach(queue::send);
		LoopRunner.runUntilIdle(loop);
		assertThat(this.work).hasSize(3);
		assertThat(queue.size()).isEqualTo(2);
		runWork();
		LoopRunner.runUntilIdle(loop);
		assertThat(this.work).hasSize(3);
		assertThat(queue.size()).isOne();
	}

	@Test
	void timerShouldCountExpirationsThatItMisses() {
		MainLoop loop = loop();
		BlockingCalls calls = loop.blockingCalls("calls", 1);
		loop.every("timer", Duration.ofSeconds(1), Duration.ofSeconds(1),
				(timer) -> calls.begin(task("tick " + timer.tick().expirations())));
		this.clock.advance(Duration.ofSeconds(1));
		LoopRunner.runUntilIdle(loop);
		this.clock.advance(Duration.ofSeconds(3));
		LoopRunner.runUntilIdle(loop);
		assertThat(this.work).hasSize(1);
		runWork();
		LoopRunner.runUntilIdle(loop);
		runWork();
		LoopRunner.runUntilIdle(loop);
		assertThat(this.told).containsExactly("run tick 1", "ended tick 1", "run tick 3", "ended tick 3");
	}

	@Test
	void descriptorShouldNotBeWaitedForWhileCallRuns() {
		MainLoop loop = loop();
		BlockingCalls calls = loop.blockingCalls("calls", 1);
		try (EventFd eventFd = EventFd.open(1)) {
			DescriptorSource source = loop.watch("eventfd", eventFd, Readiness.READABLE,
					(fd, readiness) -> calls.begin(task("read")));
			LoopRunner.runUntilIdle(loop);
			assertThat(this.work).hasSize(1);
			assertThat(source.state()).isEqualTo(State.HELD);
			eventFd.take();
			runWork();
			LoopRunner.runUntilIdle(loop);
			assertThat(this.work).isEmpty();
			assertThat(source.state()).isEqualTo(State.ENABLED);
			eventFd.add(1);
			LoopRunner.runUntilIdle(loop);
			assertThat(this.work).hasSize(1);
		}
	}

	@Test
	void callsOfSeveralSourcesShouldRunInOrder() {
		MainLoop loop = loop();
		BlockingCalls calls = loop.blockingCalls("calls", 1);
		QueueSource<String> one = loop.queue("one", 8, (message) -> calls.begin(task(message)));
		QueueSource<String> other = loop.queue("other", 8, (message) -> calls.begin(task(message)));
		one.send("a");
		other.send("b");
		one.send("c");
		LoopRunner.runUntilIdle(loop);
		assertThat(this.work).hasSize(1);
		assertThat(calls.size()).isEqualTo(2);
		assertThat(other.state()).isEqualTo(State.HELD);
		for (int i = 0; i < 3; i++) {
			runWork();
			LoopRunner.runUntilIdle(loop);
		}
		assertThat(this.told).containsExactly("run a", "ended a", "run b", "ended b", "run c", "ended c");
	}

	@Test
	void sourceThatSeveralHoldShouldWaitForAll() {
		MainLoop loop = loop();
		BlockingCalls slow = loop.blockingCalls("slow", 1);
		BlockingCalls fast = loop.blockingCalls("fast", 1);
		QueueSource<String> queue = loop.queue("queue", 8, (message) -> {
			fast.begin(task("fast " + message));
			slow.begin(task("slow " + message));
		});
		queue.send("a");
		queue.send("b");
		LoopRunner.runUntilIdle(loop);
		runWork();
		LoopRunner.runUntilIdle(loop);
		assertThat(queue.state()).isEqualTo(State.HELD);
		runWork();
		LoopRunner.runUntilIdle(loop);
		assertThat(this.work).hasSize(2);
	}

	@Test
	void pauseAndResumeShouldNotLetHeldSourceGo() {
		MainLoop loop = loop();
		BlockingCalls calls = loop.blockingCalls("calls", 1);
		QueueSource<String> queue = loop.queue("queue", 8, (message) -> calls.begin(task(message)));
		queue.send("a");
		queue.send("b");
		LoopRunner.runUntilIdle(loop);
		queue.pause();
		assertThat(queue.state()).isEqualTo(State.PAUSED);
		queue.resume();
		assertThat(queue.state()).isEqualTo(State.HELD);
		queue.pause();
		runWork();
		LoopRunner.runUntilIdle(loop);
		assertThat(queue.state()).isEqualTo(State.PAUSED);
		assertThat(this.work).isEmpty();
		queue.resume();
		LoopRunner.runUntilIdle(loop);
		assertThat(this.work).hasSize(1);
	}

	@Test
	void failureShouldGoToErrorHandlerAndNextCallOn() {
		MainLoop loop = loop();
		BlockingCalls calls = loop.blockingCalls("calls", 1);
		QueueSource<String> queue = loop.queue("queue", 8, (message) -> calls.begin(task(message)));
		queue.send("fails");
		queue.send("b");
		LoopRunner.runUntilIdle(loop);
		runWork();
		LoopRunner.runUntilIdle(loop);
		runWork();
		LoopRunner.runUntilIdle(loop);
		assertThat(this.told).containsExactly("run fails", "ended fails", "calls: java.io.IOException: fails", "run b",
				"ended b");
	}

	@Test
	void refusalOfWorkersShouldBeEndOfCall() {
		this.workers = (task) -> {
			throw new RejectedExecutionException("full");
		};
		MainLoop loop = loop();
		BlockingCalls calls = loop.blockingCalls("calls", 1);
		QueueSource<String> queue = loop.queue("queue", 8, (message) -> calls.begin(task(message)));
		queue.send("a");
		queue.send("b");
		LoopRunner.runUntilIdle(loop);
		assertThat(this.told).containsExactly("ended a", "calls: java.util.concurrent.RejectedExecutionException: full",
				"ended b", "calls: java.util.concurrent.RejectedExecutionException: full");
		assertThat(queue.state()).isEqualTo(State.ENABLED);
	}

	@Test
	void refusedCallThatWorkersHaveTakenAllTheSameShouldNotBeBegun() {
		this.workers = (task) -> {
			this.work.add(task);
			throw new OutOfMemoryError("no thread");
		};
		MainLoop loop = loop();
		BlockingCalls calls = loop.blockingCalls("calls", 1);
		QueueSource<String> queue = loop.queue("queue", 8, (message) -> calls.begin(task(message)));
		queue.send("a");
		LoopRunner.runUntilIdle(loop);
		runWork();
		LoopRunner.runUntilIdle(loop);
		assertThat(this.told).containsExactly("ended a", "calls: java.lang.OutOfMemoryError: no thread");
	}

	@Test
	void stopShouldWaitForAllCalls() throws Exception {
		ExecutorService pool = Executors.newFixedThreadPool(10);
		this.workers = pool;
		MainLoop loop = loop();
		BlockingCalls calls = loop.blockingCalls("calls", 10);
		AtomicInteger now = new AtomicInteger();
		AtomicInteger most = new AtomicInteger();
		AtomicInteger ended = new AtomicInteger();
		CountDownLatch full = new CountDownLatch(10);
		QueueSource<Integer> queue = loop.queue("queue", 1024, (message) -> calls.begin(new WorkerTask() {

			@Override
			public void run() throws Exception {
				most.accumulateAndGet(now.incrementAndGet(), Math::max);
				full.countDown();
				full.await();
				now.decrementAndGet();
			}

			@Override
			public void ended(@Nullable Throwable failure) {
				ended.incrementAndGet();
			}

		}));
		for (int i = 0; i < 1000; i++) {
			queue.send(i);
		}
		MainLoopThread thread = new MainLoopThread(loop);
		thread.start();
		thread.stop().get(60, TimeUnit.SECONDS);
		assertThat(ended).hasValue(1000);
		assertThat(most).hasValue(10);
		pool.shutdown();
	}

	@Test
	void closeShouldInterruptCallAndTellLog(CapturedOutput output) throws Exception {
		ExecutorService pool = Executors.newSingleThreadExecutor();
		this.workers = pool;
		MainLoop loop = loop();
		BlockingCalls calls = loop.blockingCalls("calls", 2);
		CountDownLatch begun = new CountDownLatch(1);
		CountDownLatch interrupted = new CountDownLatch(1);
		CountDownLatch abandoned = new CountDownLatch(2);
		WorkerTask task = new WorkerTask() {

			@Override
			public void run() throws Exception {
				begun.countDown();
				try {
					new CountDownLatch(1).await();
				}
				finally {
					interrupted.countDown();
				}
			}

			@Override
			public void ended(@Nullable Throwable failure) {
				throw new AssertionError("is not followed any more");
			}

			@Override
			public void abandoned() {
				abandoned.countDown();
			}

		};
		QueueSource<String> queue = loop.queue("queue", 8, (message) -> calls.begin(task));
		List.of("a", "b", "c").forEach(queue::send);
		LoopRunner.runUntilIdle(loop);
		assertThat(begun.await(60, TimeUnit.SECONDS)).isTrue();
		loop.close();
		assertThat(interrupted.await(60, TimeUnit.SECONDS)).isTrue();
		assertThat(abandoned.getCount()).isZero();
		assertThat(output)
			.contains("The main loop is closed with calls of 'calls' under way, of whose end it is not told: "
					+ "1 run and are interrupted, 1 do not run and are not begun any more")
			.contains("The queue 'queue' was closed with 1 messages that were not handled");
		pool.shutdown();
		assertThat(pool.awaitTermination(60, TimeUnit.SECONDS)).isTrue();
	}

	@Test
	void interruptShouldNotReachWhatWorkerDoesNext() throws Exception {
		ExecutorService pool = Executors.newSingleThreadExecutor();
		this.workers = pool;
		MainLoop loop = loop();
		BlockingCalls calls = loop.blockingCalls("calls", 1);
		QueueSource<String> queue = loop.queue("queue", 8,
				(message) -> calls.begin(quick(() -> Thread.currentThread().interrupt())));
		queue.send("a");
		LoopRunner.runUntilIdle(loop);
		assertThat(pool.submit(() -> Thread.currentThread().isInterrupted()).get(60, TimeUnit.SECONDS)).isFalse();
		pool.shutdown();
	}

	@Test
	void concurrencyShouldBePositive() {
		assertThatIllegalArgumentException().isThrownBy(() -> loop().blockingCalls("calls", 0))
			.withMessage("'concurrency' must be 1 or more but is 0");
	}

	private static WorkerTask quick(Runnable task) {
		return new WorkerTask() {

			@Override
			public void run() {
				task.run();
			}

			@Override
			public void ended(@Nullable Throwable failure) {
			}

		};
	}

	private WorkerTask task(String name) {
		return new WorkerTask() {

			@Override
			public void run() throws Exception {
				BlockingCallsTests.this.told.add("run " + name);
				if (name.equals("fails")) {
					throw new IOException(name);
				}
			}

			@Override
			public void ended(@Nullable Throwable failure) throws Exception {
				BlockingCallsTests.this.told.add("ended " + name);
				if (failure instanceof Exception exception) {
					throw exception;
				}
				if (failure instanceof Error error) {
					throw error;
				}
			}

		};
	}

}

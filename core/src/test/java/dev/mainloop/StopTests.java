package dev.mainloop;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;

import dev.mainloop.kernel.EveryMultiplexer;
import dev.mainloop.multiplexer.MultiplexerKind;
import dev.mainloop.testing.LinuxTest;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

@LinuxTest
@EveryMultiplexer
class StopTests {

	private static final int PRODUCERS = 4;

	private final MainLoop loop;

	StopTests(MultiplexerKind kind) {
		this.loop = MainLoop.builder().multiplexer(kind).build();
	}

	@AfterEach
	void close() {
		this.loop.close();
	}

	@RepeatedTest(10)
	void stopWhileProducersFloodShouldEndAndLoseNothing() throws Exception {
		AtomicLong accepted = new AtomicLong();
		AtomicLong handled = new AtomicLong();
		AtomicBoolean producing = new AtomicBoolean(true);
		CountDownLatch flowing = new CountDownLatch(1000);
		QueueSource<Long> queue = this.loop.queue("queue", 1024, (message) -> {
			handled.incrementAndGet();
			flowing.countDown();
		});
		LoopRunner runner = LoopRunner.start(this.loop);
		List<Thread> producers = new ArrayList<>();
		for (int i = 0; i < PRODUCERS; i++) {
			producers.add(new Thread(() -> produce(queue, producing, accepted), "producer"));
		}
		producers.forEach(Thread::start);
		LoopRunner.await(flowing);
		runner.stop();
		assertThat(this.loop.state()).isEqualTo(MainLoopState.STOPPED);
		producing.set(false);
		for (Thread producer : producers) {
			producer.join(TimeUnit.SECONDS.toMillis(LoopRunner.TIMEOUT_SECONDS));
			assertThat(producer.isAlive()).isFalse();
		}
		assertThat(queue.size()).isZero();
		assertThat(handled).hasValue(accepted.get());
		LoopRunner.start(this.loop).stop();
		assertThat(handled).hasValue(accepted.get());
	}

	private static void produce(EventQueue<Long> queue, AtomicBoolean producing, AtomicLong accepted) {
		long count = 0;
		while (producing.get()) {
			if (queue.offer(count)) {
				count++;
			}
		}
		accepted.addAndGet(count);
	}

	@Test
	void stopShouldHandleMessagesThatHandlersSend() throws Exception {
		int count = 100;
		CountDownLatch begun = new CountDownLatch(1);
		CountDownLatch release = new CountDownLatch(1);
		List<Integer> handled = new ArrayList<>();
		EventQueue<Integer> third = this.loop.queue("third", count, handled::add);
		EventQueue<Integer> second = this.loop.queue("second", count, third::send);
		EventQueue<Integer> first = this.loop.queue("first", count, (message) -> {
			begun.countDown();
			release.await();
			second.send(message);
		});
		for (int i = 0; i < count; i++) {
			first.send(i);
		}
		LoopRunner runner = LoopRunner.start(this.loop);
		LoopRunner.await(begun);
		CompletableFuture<Void> stopped = runner.thread().stop();
		assertThat(this.loop.state()).isEqualTo(MainLoopState.STOPPING);
		assertThat(first.offer(count)).isFalse();
		release.countDown();
		stopped.get(LoopRunner.TIMEOUT_SECONDS, TimeUnit.SECONDS);
		assertThat(handled).hasSize(count).isSorted();
	}

	@Test
	void stopShouldRunTasksThatTasksPost() throws Exception {
		CountDownLatch last = new CountDownLatch(1);
		CountDownLatch begun = new CountDownLatch(1);
		CountDownLatch release = new CountDownLatch(1);
		this.loop.queue("queue", 1, (message) -> {
			begun.countDown();
			release.await();
			this.loop.execute(() -> this.loop.execute(last::countDown));
		}).send("begin");
		LoopRunner runner = LoopRunner.start(this.loop);
		LoopRunner.await(begun);
		CompletableFuture<Void> stopped = runner.thread().stop();
		release.countDown();
		stopped.get(LoopRunner.TIMEOUT_SECONDS, TimeUnit.SECONDS);
		assertThat(last.getCount()).isZero();
	}

	@Test
	void stopShouldLeaveMessagesOfPausedQueueForNextRun() {
		List<String> handled = new ArrayList<>();
		QueueSource<String> queue = this.loop.queue("queue", 8, handled::add);
		queue.pause();
		queue.send("a");
		LoopRunner.start(this.loop).stop();
		assertThat(queue.size()).isOne();
		queue.resume();
		LoopRunner.start(this.loop).stop();
		assertThat(handled).containsExactly("a");
	}

	@Test
	void stopByHandlerShouldEndRun() {
		List<String> handled = new ArrayList<>();
		this.loop.execute(() -> {
			handled.add("stop");
			this.loop.stop();
		});
		this.loop.execute(() -> handled.add("after"));
		this.loop.run();
		assertThat(handled).containsExactly("stop", "after");
		assertThat(this.loop.state()).isEqualTo(MainLoopState.STOPPED);
	}

	@Test
	void stopWhenNotRunningShouldDoNothing() {
		this.loop.stop();
		assertThat(this.loop.state()).isEqualTo(MainLoopState.NEW);
		List<String> handled = new ArrayList<>();
		EventQueue<String> queue = this.loop.queue("queue", 8, handled::add);
		queue.send("a");
		LoopRunner.start(this.loop).stop();
		assertThat(handled).containsExactly("a");
	}

	@Test
	void startAfterStopShouldServeAllSourcesAgain() throws Exception {
		for (int i = 0; i < 20; i++) {
			CountDownLatch done = new CountDownLatch(1);
			try (LoopRunner runner = LoopRunner.start(this.loop)) {
				assertThat(this.loop.state()).isEqualTo(MainLoopState.RUNNING);
				assertThat(runner.thread().isRunning()).isTrue();
				this.loop.execute(done::countDown);
				LoopRunner.await(done);
			}
			assertThat(this.loop.state()).isEqualTo(MainLoopState.STOPPED);
			assertThat(this.loop.thread()).isNull();
		}
	}

	@Test
	void startWhenRunningShouldThrow() {
		try (LoopRunner runner = LoopRunner.start(this.loop)) {
			assertThatIllegalStateException().isThrownBy(runner.thread()::start)
				.withMessageContaining("runs on")
				.withMessageContaining("already");
			assertThat(runner.thread().isRunning()).isTrue();
		}
	}

	@Test
	void threadShouldBePlatformThreadNamedMainloopAndNoDaemon() {
		try (LoopRunner runner = LoopRunner.start(this.loop)) {
			assertThat(runner.thread().isRunning()).isTrue();
			assertThat(this.loop.thread().getName()).isEqualTo("mainloop");
			assertThat(this.loop.thread().isDaemon()).isFalse();
		}
	}

}

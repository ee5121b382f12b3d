package dev.mainloop;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;

import dev.mainloop.fd.EventFd;
import dev.mainloop.kernel.EveryMultiplexer;
import dev.mainloop.multiplexer.MultiplexerKind;
import dev.mainloop.multiplexer.Readiness;
import dev.mainloop.testing.LinuxTest;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatNullPointerException;

@LinuxTest
@EveryMultiplexer
class QueueSourceTests {

	private static final int BUDGET = 4;

	private final MainLoop loop;

	private final List<String> handled = new ArrayList<>();

	QueueSourceTests(MultiplexerKind kind) {
		this.loop = MainLoop.builder().multiplexer(kind).budget(BUDGET).build();
	}

	@AfterEach
	void close() {
		this.loop.close();
	}

	@Test
	void sendBeforeStartShouldBeHandledAfter() throws Exception {
		CountDownLatch done = new CountDownLatch(3);
		EventQueue<String> queue = this.loop.queue("queue", 8, (message) -> {
			this.handled.add(message);
			done.countDown();
		});
		queue.send("a");
		queue.send("b");
		assertThat(queue.offer("c")).isTrue();
		assertThat(queue.size()).isEqualTo(3);
		try (LoopRunner runner = LoopRunner.start(this.loop)) {
			LoopRunner.await(done);
			runner.stop();
			assertThat(this.handled).containsExactly("a", "b", "c");
			assertThat(queue.size()).isZero();
		}
	}

	@Test
	void sendBySeveralThreadsShouldKeepOrderOfEachSender() throws Exception {
		int senders = 4;
		int count = 5000;
		int[] last = new int[senders];
		Arrays.fill(last, -1);
		List<String> disorder = new ArrayList<>();
		CountDownLatch done = new CountDownLatch(senders * count);
		EventQueue<int[]> queue = this.loop.queue("queue", 256, (message) -> {
			int sender = message[0];
			if (message[1] != last[sender] + 1) {
				disorder.add(Arrays.toString(message) + " after " + last[sender]);
			}
			last[sender] = message[1];
			done.countDown();
		});
		try (LoopRunner runner = LoopRunner.start(this.loop)) {
			List<Thread> threads = new ArrayList<>();
			for (int i = 0; i < senders; i++) {
				int sender = i;
				threads.add(start(() -> {
					for (int number = 0; number < count; number++) {
						int[] message = { sender, number };
						while (!queue.offer(message)) {
							Thread.yield();
						}
					}
				}));
			}
			LoopRunner.await(done);
			for (Thread thread : threads) {
				thread.join(TimeUnit.SECONDS.toMillis(LoopRunner.TIMEOUT_SECONDS));
			}
			runner.stop();
			assertThat(disorder).isEmpty();
			assertThat(last).containsOnly(count - 1);
		}
	}

	@Test
	void sendToSeveralQueuesShouldKeepOrderOfEachSenderInEach() throws Exception {
		int senders = 6;
		int count = 1000;
		int[][] last = new int[3][senders];
		List<String> disorder = new ArrayList<>();
		List<EventQueue<int[]>> queues = new ArrayList<>();
		CountDownLatch done = new CountDownLatch(last.length * senders * count);
		for (int[] each : last) {
			queues.add(this.loop.queue("queue", 16, (message) -> {
				if (each[message[0]]++ != message[1]) {
					disorder.add(Arrays.toString(message));
				}
				done.countDown();
			}));
		}
		try (LoopRunner runner = LoopRunner.start(this.loop)) {
			for (int i = 0; i < senders; i++) {
				int sender = i;
				start(() -> {
					for (int number = 0; number < count; number++) {
						int[] message = { sender, number };
						for (EventQueue<int[]> queue : queues) {
							while (!queue.offer(message)) {
								Thread.yield();
							}
						}
					}
				});
			}
			LoopRunner.await(done);
			runner.stop();
			assertThat(disorder).isEmpty();
			assertThat(List.of(last)).allSatisfy((each) -> assertThat(each).containsOnly(count));
		}
	}

	@Test
	void queuesOfManySendersShouldTakeTurnsByTheirBudget() throws Exception {
		int[] counts = new int[3];
		int rounds = 4;
		List<Thread> senders = new ArrayList<>();
		for (int i = 0; i < counts.length; i++) {
			int number = i;
			QueueSource<String> queue = this.loop.queue("queue", 64, (message) -> counts[number]++);
			for (int sender = 0; sender < BUDGET; sender++) {
				senders.add(start(() -> {
					for (int message = 0; message < rounds; message++) {
						queue.send("message");
					}
				}));
			}
		}
		for (Thread sender : senders) {
			sender.join(TimeUnit.SECONDS.toMillis(LoopRunner.TIMEOUT_SECONDS));
		}
		for (int round = 1; round <= rounds; round++) {
			this.loop.runOnce();
			assertThat(counts).containsOnly(round * BUDGET);
		}
	}

	@Test
	void capacityShouldBeRoundedUpToPowerOfTwo() {
		assertThat(queue(1).capacity()).isEqualTo(2);
		assertThat(queue(8).capacity()).isEqualTo(8);
		assertThat(queue(9).capacity()).isEqualTo(16);
	}

	@Test
	void handlerShouldFindTheRoomThatItHasMade() {
		int[] handled = new int[1];
		AtomicReference<EventQueue<Integer>> queue = new AtomicReference<>();
		queue.set(this.loop.queue("queue", 1024, (message) -> {
			handled[0]++;
			if (handled[0] <= 10) {
				queue.get().send(message);
			}
		}));
		for (int i = 0; i < 1024; i++) {
			queue.get().send(i);
		}
		LoopRunner.runUntilIdle(this.loop);
		assertThat(handled[0]).isEqualTo(1024 + 10);
	}

	@Test
	void sendWhenFullShouldSayWhatToDo() {
		EventQueue<String> queue = queue(2);
		queue.send("a");
		queue.send("b");
		assertThat(queue.offer("c")).isFalse();
		assertThatExceptionOfType(MessageRefusedException.class).isThrownBy(() -> queue.send("c"))
			.withMessage("The queue 'queue' is full with 2 messages and does not take c: "
					+ "its handler is too slow for its senders, or its capacity too small for their bursts");
		LoopRunner.runUntilIdle(this.loop);
		assertThat(this.handled).containsExactly("a", "b");
		queue.send("c");
		LoopRunner.runUntilIdle(this.loop);
		assertThat(this.handled).containsExactly("a", "b", "c");
	}

	@Test
	void sendWhenQueueIsClosedShouldSaySo() {
		QueueSource<String> queue = queue(2);
		queue.close();
		assertThat(queue.isClosed()).isTrue();
		assertThat(queue.offer("a")).isFalse();
		assertThatExceptionOfType(MessageRefusedException.class).isThrownBy(() -> queue.send("a"))
			.withMessage("The queue 'queue' is closed and takes no a");
		assertThat(this.loop.sourceCounts()).containsEntry("queues", 0);
	}

	@Test
	void sendWhenLoopHasStoppedShouldSaySo() {
		QueueSource<String> queue = queue(2);
		try (LoopRunner runner = LoopRunner.start(this.loop)) {
			runner.stop();
		}
		assertThat(queue.isClosed()).isFalse();
		assertThat(queue.offer("a")).isFalse();
		assertThatExceptionOfType(MessageRefusedException.class).isThrownBy(() -> queue.send("a"))
			.withMessage("The main loop has stopped, and the queue 'queue' takes no a");
	}

	@Test
	void offerWhenMessageIsNullShouldThrow() {
		assertThatNullPointerException().isThrownBy(() -> queue(2).offer(null));
	}

	@Test
	void queueWhenCapacityIsNotPositiveShouldThrow() {
		assertThatIllegalArgumentException().isThrownBy(() -> queue(0)).withMessageContaining("'capacity'");
	}

	@Test
	void pauseShouldKeepMessagesUntilResume() {
		QueueSource<String> queue = queue(8);
		queue.send("a");
		queue.pause();
		queue.send("b");
		LoopRunner.runUntilIdle(this.loop);
		assertThat(this.handled).isEmpty();
		queue.send("c");
		LoopRunner.runUntilIdle(this.loop);
		assertThat(queue.size()).isEqualTo(3);
		queue.resume();
		LoopRunner.runUntilIdle(this.loop);
		assertThat(this.handled).containsExactly("a", "b", "c");
		queue.send("d");
		LoopRunner.runUntilIdle(this.loop);
		assertThat(this.handled).hasSize(4);
	}

	@Test
	void pauseByOwnHandlerShouldTakeEffectBeforeNextMessage() {
		QueueSource<?>[] queue = new QueueSource<?>[1];
		QueueSource<String> own = this.loop.queue("own", 8, (message) -> {
			this.handled.add(message);
			queue[0].pause();
		});
		queue[0] = own;
		own.send("a");
		own.send("b");
		LoopRunner.runUntilIdle(this.loop);
		assertThat(this.handled).containsExactly("a");
		own.resume();
		LoopRunner.runUntilIdle(this.loop);
		assertThat(this.handled).containsExactly("a", "b");
		own.resume();
		own.send("c");
		LoopRunner.runUntilIdle(this.loop);
		assertThat(this.handled).containsExactly("a", "b", "c");
	}

	@Test
	void pauseWhenResumedByAnotherThreadBeforeLoopSawItShouldLoseNothing() {
		QueueSource<String> queue = queue(8);
		for (int i = 0; i < 3; i++) {
			queue.pause();
			queue.send("message " + i);
			LoopRunner.runUntilIdle(this.loop);
			queue.resume();
			queue.pause();
			queue.resume();
			LoopRunner.runUntilIdle(this.loop);
			assertThat(this.handled).hasSize(i + 1);
		}
	}

	@Test
	void closeShouldKeepMessagesFromHandler() {
		QueueSource<String> queue = queue(8);
		queue.send("a");
		queue.close();
		queue.close();
		LoopRunner.runUntilIdle(this.loop);
		assertThat(this.handled).isEmpty();
	}

	@Test
	void closeByOwnHandlerShouldTakeEffectBeforeNextMessage() {
		QueueSource<?>[] queue = new QueueSource<?>[1];
		QueueSource<String> own = this.loop.queue("own", 8, (message) -> {
			this.handled.add(message);
			queue[0].close();
		});
		queue[0] = own;
		own.send("a");
		own.send("b");
		LoopRunner.runUntilIdle(this.loop);
		assertThat(this.handled).containsExactly("a");
	}

	@Test
	void closeByAnotherThreadShouldEndCalls() throws Exception {
		AtomicInteger calls = new AtomicInteger();
		QueueSource<String> queue = this.loop.queue("queue", 8, (message) -> calls.incrementAndGet());
		try (LoopRunner runner = LoopRunner.start(this.loop)) {
			queue.send("a");
			runner.awaitIteration();
			queue.close();
			runner.awaitIteration();
			assertThat(queue.offer("b")).isFalse();
			assertThat(calls).hasValue(1);
		}
	}

	@Test
	void floodedQueueShouldNotStarveOtherSources() {
		AtomicInteger flood = new AtomicInteger();
		QueueSource<?>[] self = new QueueSource<?>[1];
		QueueSource<String> flooded = this.loop.queue("flooded", 64, (message) -> {
			flood.incrementAndGet();
			send(self[0], message);
		});
		self[0] = flooded;
		QueueSource<String> queue = queue(8);
		for (int i = 0; i < 16; i++) {
			flooded.send("flood");
		}
		queue.send("message");
		this.loop.after("timer", Duration.ZERO, (timer) -> this.handled.add("timer"));
		this.loop.execute(() -> this.handled.add("task"));
		try (EventFd eventFd = EventFd.open(1)) {
			this.loop.watch("eventfd", eventFd, Readiness.READABLE, (fd, readiness) -> {
				eventFd.take();
				this.handled.add("eventfd");
			});
			assertThat(this.loop.runOnce()).isTrue();
			assertThat(this.loop.runOnce()).isTrue();
			assertThat(this.handled).containsExactlyInAnyOrder("message", "timer", "task", "eventfd");
			assertThat(flood).hasValue(2 * BUDGET);
		}
	}

	@SuppressWarnings("unchecked")
	private static void send(QueueSource<?> queue, String message) {
		((QueueSource<String>) queue).send(message);
	}

	@Test
	void runOnceShouldTellWhetherMessagesAreLeft() {
		QueueSource<String> queue = queue(8);
		for (int i = 0; i <= BUDGET; i++) {
			queue.send("message " + i);
		}
		assertThat(this.loop.runOnce()).isTrue();
		assertThat(this.handled).hasSize(BUDGET);
		assertThat(this.loop.runOnce()).isFalse();
		assertThat(this.handled).hasSize(BUDGET + 1);
	}

	@Test
	void sendByHandlerShouldReachOtherQueue() {
		QueueSource<String> second = queue(8);
		QueueSource<String> first = this.loop.queue("first", 8, (message) -> second.send(message + "!"));
		first.send("a");
		LoopRunner.runUntilIdle(this.loop);
		assertThat(this.handled).containsExactly("a!");
	}

	@Test
	void executeShouldRunTasksInOrderOnLoopThread() throws Exception {
		try (LoopRunner runner = LoopRunner.start(this.loop)) {
			for (int i = 0; i < 100; i++) {
				String task = "task " + i;
				this.loop.execute(() -> this.handled.add(task + " " + this.loop.isLoopThread()));
			}
			assertThat(CompletableFuture.supplyAsync(this.loop::thread, this.loop::execute)
				.get(LoopRunner.TIMEOUT_SECONDS, TimeUnit.SECONDS)).isSameAs(this.loop.thread());
			runner.stop();
			assertThat(this.handled).hasSize(100)
				.allMatch((task) -> task.endsWith(" true"))
				.startsWith("task 0 true", "task 1 true")
				.endsWith("task 99 true");
		}
	}

	private QueueSource<String> queue(int capacity) {
		return this.loop.queue("queue", capacity, this.handled::add);
	}

	private static Thread start(Runnable action) {
		Thread thread = new Thread(action, "sender");
		thread.start();
		return thread;
	}

	@Test
	void callShouldBeMadeOnceAfterMessagesWereHandled() {
		List<String> calls = new ArrayList<>();
		QueueSource<String> queue = this.loop.queue("queue", 2, this.handled::add);
		assertThat(queue.offer("a", () -> calls.add("never"))).isTrue();
		assertThat(queue.room(() -> calls.add("never"))).isOne();
		assertThat(queue.offer("b", () -> calls.add("never"))).isTrue();
		assertThat(queue.offer("c", () -> calls.add("message"))).isFalse();
		assertThat(queue.room(() -> calls.add("room"))).isZero();
		assertThat(calls).isEmpty();
		this.loop.runOnce();
		assertThat(this.handled).containsExactly("a", "b");
		assertThat(calls).containsExactly("message", "room");
		queue.send("c");
		this.loop.runOnce();
		assertThat(calls).hasSize(2);
	}

	@Test
	void callShouldBeLeftByAHandlerOfTheSameLoop() {
		List<Boolean> taken = new ArrayList<>();
		QueueSource<String> queue = this.loop.queue("queue", 2, this.handled::add);
		this.loop.execute(() -> {
			for (int i = 0; i < 3; i++) {
				taken.add(queue.offer("a", () -> queue.send("b")));
			}
		});
		while (this.loop.runOnce()) {
			assertThat(this.handled).hasSizeLessThanOrEqualTo(3);
		}
		assertThat(taken).containsExactly(true, true, false);
		assertThat(this.handled).containsExactly("a", "a", "b");
	}

	@Test
	void callShouldBeMadeWhenTheQueueIsClosed() {
		List<String> calls = new ArrayList<>();
		QueueSource<String> queue = this.loop.queue("queue", 2, this.handled::add);
		queue.send("a");
		queue.send("b");
		assertThat(queue.offer("c", () -> calls.add("call"))).isFalse();
		queue.close();
		assertThat(calls).containsExactly("call");
		assertThatExceptionOfType(MessageRefusedException.class)
			.isThrownBy(() -> queue.offer("c", () -> calls.add("never")))
			.withMessage("The queue 'queue' is closed and takes no c");
		assertThatExceptionOfType(MessageRefusedException.class).isThrownBy(() -> queue.room(() -> calls.add("never")))
			.withMessage("The queue 'queue' is closed");
		assertThat(calls).hasSize(1);
	}

	@Test
	void messageShouldNotBeDroppedForASenderThatWaitsForRoom() {
		QueueSource<String> queue = this.loop.queue("queue", 2, Overflow.DROP_OLDEST, this.handled::add);
		queue.send("a");
		queue.send("b");
		assertThat(queue.offer("c", () -> queue.send("c"))).isFalse();
		assertThat(queue.dropped()).isZero();
		while (this.loop.runOnce()) {
			assertThat(queue.dropped()).isZero();
		}
		assertThat(this.handled).containsExactly("a", "b", "c");
	}

}

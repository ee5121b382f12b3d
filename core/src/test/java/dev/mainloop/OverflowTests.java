package dev.mainloop;

import java.lang.Thread.State;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.BiConsumer;

import dev.mainloop.kernel.DelegatingMultiplexer;
import dev.mainloop.multiplexer.MultiplexerKind;
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
 * Tests what becomes of the messages to a full queue.
 */
@LinuxTest
class OverflowTests {

	private static final Duration LONG = Duration.ofSeconds(LoopRunner.TIMEOUT_SECONDS);

	private final List<Throwable> errors = new ArrayList<>();

	private final MainLoop loop = MainLoop.builder()
		.budget(4)
		.errorHandler((source, event, error) -> this.errors.add(error))
		.build();

	private final List<String> handled = new ArrayList<>();

	@AfterEach
	void close() {
		this.loop.close();
	}

	@Test
	void sendWhenFullShouldDropOldest() {
		QueueSource<String> queue = full(Overflow.DROP_OLDEST);
		queue.send("c");
		assertThat(queue.offer("d")).isTrue();
		assertThat(queue.dropped()).isEqualTo(2);
		assertThat(queue.sent()).isEqualTo(4);
		assertThat(queue.size()).isEqualTo(2);
		LoopRunner.runUntilIdle(this.loop);
		assertThat(this.handled).containsExactly("c", "d");
	}

	@Test
	void sendWithTimeoutWhenFullShouldDropOldest() throws Exception {
		QueueSource<String> queue = full(Overflow.DROP_OLDEST);
		queue.send("c", LONG);
		assertThat(queue.dropped()).isEqualTo(1);
		LoopRunner.runUntilIdle(this.loop);
		assertThat(this.handled).containsExactly("b", "c");
	}

	@Test
	void sendWhenFullShouldDropNewest() {
		QueueSource<String> queue = full(Overflow.DROP_NEWEST);
		queue.send("c");
		queue.send("d");
		assertThat(queue.dropped()).isEqualTo(2);
		LoopRunner.runUntilIdle(this.loop);
		queue.send("e");
		LoopRunner.runUntilIdle(this.loop);
		assertThat(this.handled).containsExactly("a", "b", "e");
		assertThat(queue.dropped()).isEqualTo(2);
		assertThat(queue.sent()).isEqualTo(5);
	}

	@ParameterizedTest
	@EnumSource(names = { "REJECT", "BLOCK", "DROP_NEWEST" })
	void offerWhenFullShouldTellTheSender(Overflow overflow) {
		QueueSource<String> queue = full(overflow);
		assertThat(queue.offer("c")).isFalse();
		assertThat(queue.dropped()).isZero();
		assertThat(queue.sent()).isEqualTo(2);
		LoopRunner.runUntilIdle(this.loop);
		assertThat(this.handled).containsExactly("a", "b");
	}

	@Test
	@ExtendWith(OutputCaptureExtension.class)
	void dropsShouldBeLoggedOnce(CapturedOutput output) {
		QueueSource<String> queue = full(Overflow.DROP_OLDEST);
		for (int i = 0; i < 10; i++) {
			queue.send("c");
		}
		assertThat(output.getOut().split("The queue 'queue' is full with 2 messages and drops its oldest", -1))
			.hasSize(2);
		assertThat(output).contains("WARN");
	}

	@Test
	void sendWhenFullShouldBlockUntilThereIsRoom() throws Exception {
		QueueSource<String> queue = full(Overflow.BLOCK);
		queue.pause();
		try (LoopRunner runner = LoopRunner.start(this.loop)) {
			Sender sender = Sender.start(() -> queue.send("c"));
			sender.awaitWaiting();
			queue.resume();
			sender.join();
			runner.stop();
			assertThat(this.handled).containsExactly("a", "b", "c");
		}
	}

	@Test
	void sendersShouldBeWokenWhenHalfOfTheQueueIsEmpty() throws Exception {
		try (MainLoop manual = MainLoop.builder().clock(new ManualClock()).budget(4).build()) {
			QueueSource<Integer> queue = full(manual, (message) -> {
			});
			Sender sender = Sender.start(() -> queue.send(16, LONG));
			sender.awaitWaiting();
			manual.runOnce();
			assertThat(queue.size()).isEqualTo(12);
			assertThat(sender.isWaiting()).isTrue();
			manual.runOnce();
			sender.join();
			assertThat(queue.size()).isEqualTo(9);
		}
	}

	@Test
	void sendersShouldBeWokenAfterEachSliceOfSlowHandlers() throws Exception {
		ManualClock clock = new ManualClock();
		try (MainLoop manual = MainLoop.builder().clock(clock).build()) {
			QueueSource<Integer> queue = full(manual, (message) -> clock.advance(Duration.ofMillis(1)));
			Sender sender = Sender.start(() -> queue.send(16, LONG));
			sender.awaitWaiting();
			manual.runOnce();
			sender.join();
			assertThat(queue.size()).isEqualTo(15);
		}
	}

	private static QueueSource<Integer> full(MainLoop loop, MessageHandler<Integer> handler) {
		QueueSource<Integer> queue = loop.queue("queue", 16, handler);
		for (int i = 0; i < 16; i++) {
			queue.send(i);
		}
		return queue;
	}

	@Test
	void sendWhenPausedByHandlerShouldFindTheRoomThatItMade() throws Exception {
		QueueSource<?>[] own = new QueueSource<?>[1];
		QueueSource<String> queue = this.loop.queue("queue", 2, Overflow.BLOCK, (message) -> {
			this.handled.add(message);
			own[0].pause();
		});
		own[0] = queue;
		queue.send("a");
		queue.send("b");
		queue.pause();
		try (LoopRunner runner = LoopRunner.start(this.loop)) {
			Sender sender = Sender.start(() -> queue.send("c"));
			sender.awaitWaiting();
			queue.resume();
			sender.join();
			runner.stop();
			assertThat(this.handled).containsExactly("a");
		}
	}

	@Test
	void sendWhenFullBeforeTheLoopRunsShouldBeRefusedInsteadOfBlocking() {
		QueueSource<String> queue = full(Overflow.BLOCK);
		assertThatExceptionOfType(MessageRefusedException.class).isThrownBy(() -> queue.send("c"))
			.withMessageStartingWith("The queue 'queue' is full");
	}

	@ParameterizedTest
	@EnumSource(names = { "REJECT", "BLOCK", "DROP_NEWEST" })
	void sendWithTimeoutWhenFullShouldWaitForRoom(Overflow overflow) throws Exception {
		QueueSource<String> queue = full(overflow);
		Sender sender = Sender.start(() -> queue.send("c", LONG));
		sender.awaitWaiting();
		LoopRunner.runUntilIdle(this.loop);
		sender.join();
		LoopRunner.runUntilIdle(this.loop);
		assertThat(this.handled).containsExactly("a", "b", "c");
		assertThat(queue.dropped()).isZero();
	}

	@ParameterizedTest
	@EnumSource(names = { "REJECT", "BLOCK", "DROP_NEWEST" })
	void sendWithTimeoutWhenThereIsNoRoomShouldBeRefused(Overflow overflow) throws Exception {
		QueueSource<String> queue = full(overflow);
		for (Duration timeout : List.of(Duration.ofMillis(1), Duration.ZERO, Duration.ofSeconds(-1))) {
			assertThatExceptionOfType(MessageRefusedException.class).isThrownBy(() -> queue.send("c", timeout))
				.withMessageStartingWith("The queue 'queue' is full with 2 messages and does not take c: ");
		}
		LoopRunner.runUntilIdle(this.loop);
		assertThat(this.handled).containsExactly("a", "b");
	}

	@Test
	void sendWithTimeoutWhenThereIsRoomShouldNotWait() throws Exception {
		QueueSource<String> queue = this.loop.queue("queue", 2, this.handled::add);
		queue.send("a", Duration.ZERO);
		LoopRunner.runUntilIdle(this.loop);
		assertThat(this.handled).containsExactly("a");
	}

	@Test
	void sendWithTimeoutByHandlerShouldBeRefusedEvenWhenThereIsRoom() {
		QueueSource<String> queue = this.loop.queue("queue", 2, this.handled::add);
		QueueSource<String> first = this.loop.queue("first", 2, (message) -> queue.send(message, LONG));
		first.send("a");
		LoopRunner.runUntilIdle(this.loop);
		assertThat(this.handled).isEmpty();
		assertThat(this.errors).singleElement()
			.isInstanceOf(MessageRefusedException.class)
			.extracting(Throwable::getMessage)
			.asString()
			.startsWith("A handler cannot wait for room in the queue 'queue'");
	}

	@Test
	void sendByHandlerOfAnotherLoopShouldNotWait() throws Exception {
		QueueSource<String> queue = full(Overflow.BLOCK);
		queue.pause();
		List<Throwable> refused = new ArrayList<>();
		try (MainLoop other = MainLoop.builder().errorHandler((source, event, thrown) -> refused.add(thrown)).build();
				LoopRunner runner = LoopRunner.start(this.loop)) {
			other.execute(() -> queue.send("c"));
			other.queue("other", 2, (String message) -> queue.send(message, LONG)).send("d");
			LoopRunner.runUntilIdle(other);
			try (LoopRunner otherRunner = LoopRunner.start(other)) {
				other.execute(() -> queue.send("e"));
				otherRunner.stop();
			}
			assertThat(refused).extracting(Throwable::getMessage)
				.satisfiesExactly(
						(message) -> assertThat(message).startsWith("The queue 'queue' is full")
							.endsWith("a handler cannot wait for room, as its loop would stand still"),
						(message) -> assertThat(message).startsWith("A handler cannot wait for room in the queue"),
						(message) -> assertThat(message).startsWith("The queue 'queue' is full"));
			queue.resume();
			runner.stop();
		}
		assertThat(this.handled).containsExactly("a", "b");
	}

	@Test
	void threadThatHasRunALoopShouldWaitForRoom() throws Exception {
		try (MainLoop other = MainLoop.builder().build()) {
			other.execute(other::stop);
			other.run();
			other.runOnce();
		}
		QueueSource<String> queue = this.loop.queue("queue", 2, Overflow.BLOCK, this.handled::add);
		try (LoopRunner runner = LoopRunner.start(this.loop)) {
			for (int i = 0; i < 1000; i++) {
				queue.send("a");
			}
			queue.send("b", LONG);
			runner.stop();
		}
		assertThat(this.handled).hasSize(1001);
	}

	@Test
	void sendByHandlerWhenFullShouldBeRefusedInsteadOfBlocking() {
		QueueSource<String> queue = full(Overflow.BLOCK);
		this.loop.execute(() -> queue.send("c"));
		queue.pause();
		LoopRunner.runUntilIdle(this.loop);
		assertThat(this.errors).singleElement()
			.isInstanceOf(MessageRefusedException.class)
			.extracting(Throwable::getMessage)
			.asString()
			.startsWith("The queue 'queue' is full");
	}

	@Test
	void sendWhenInterruptedShouldBeRefusedAndStayInterrupted() throws Exception {
		boolean[] interrupted = new boolean[1];
		QueueSource<String> queue = full(Overflow.BLOCK);
		queue.pause();
		try (LoopRunner runner = LoopRunner.start(this.loop)) {
			Sender sender = Sender.start(() -> {
				try {
					queue.send("c");
				}
				finally {
					interrupted[0] = Thread.interrupted();
				}
			});
			sender.awaitWaiting();
			sender.thread.interrupt();
			assertRefused(List.of(sender),
					"The thread was interrupted while it waited for room in the queue 'queue' for c");
			assertThat(interrupted[0]).isTrue();
			queue.resume();
			runner.stop();
			assertThat(this.handled).containsExactly("a", "b");
		}
	}

	@Test
	void closeShouldEndTheWaitOfSenders() throws Exception {
		assertEndOfWait((runner, queue) -> queue.close(), "The queue 'queue' is closed and takes no c");
	}

	@Test
	void closeOfTheLoopShouldEndTheWaitOfSenders() throws Exception {
		assertEndOfWait((runner, queue) -> this.loop.close(), "The ");
	}

	@Test
	void stopShouldEndTheWaitOfSenders() throws Exception {
		assertEndOfWait((runner, queue) -> runner.stop(), "The main loop ");
	}

	@Test
	void failureOfTheLoopShouldEndTheWaitOfSenders() throws Exception {
		AtomicBoolean failing = new AtomicBoolean();
		try (MainLoop fails = MainLoop.builder().multiplexer(() -> new FailingMultiplexer(failing)).build();
				LoopRunner runner = LoopRunner.start(fails)) {
			QueueSource<String> queue = fails.queue("queue", 2, Overflow.BLOCK, this.handled::add);
			queue.pause();
			queue.send("a");
			queue.send("b");
			List<Sender> waiting = waiting(queue);
			failing.set(true);
			fails.execute(this.handled::clear);
			assertRefused(waiting, "The main loop has failed, and the queue 'queue' takes no c");
			runner.stop();
			assertThat(fails.state()).isEqualTo(MainLoopState.FAILED);
		}
	}

	private void assertEndOfWait(BiConsumer<LoopRunner, QueueSource<String>> action, String message) throws Exception {
		QueueSource<String> queue = full(Overflow.BLOCK);
		queue.pause();
		try (LoopRunner runner = LoopRunner.start(this.loop)) {
			List<Sender> waiting = waiting(queue);
			action.accept(runner, queue);
			assertRefused(waiting, message);
		}
	}

	@ParameterizedTest
	@EnumSource(names = { "REJECT", "BLOCK" })
	void manySendersThatWaitShouldLoseNothingAndKeepTheirOrder(Overflow overflow) throws Exception {
		int count = 5_000;
		int[] last = new int[8];
		List<String> disorder = new ArrayList<>();
		CountDownLatch done = new CountDownLatch(last.length * count);
		QueueSource<int[]> queue = this.loop.queue("queue", 2, overflow, (message) -> {
			if (last[message[0]]++ != message[1]) {
				disorder.add(message[0] + " " + message[1]);
			}
			done.countDown();
		});
		try (LoopRunner runner = LoopRunner.start(this.loop)) {
			List<Sender> sending = new ArrayList<>();
			for (int sender = 0; sender < last.length; sender++) {
				int number = sender;
				sending.add(Sender.start(() -> {
					for (int i = 0; i < count; i++) {
						send(queue, overflow, new int[] { number, i });
					}
				}));
			}
			for (Sender sender : sending) {
				sender.join();
			}
			LoopRunner.await(done);
			runner.stop();
			assertThat(disorder).isEmpty();
			assertThat(last).containsOnly(count);
		}
	}

	private static void send(QueueSource<int[]> queue, Overflow overflow, int[] message) throws Exception {
		if (overflow == Overflow.BLOCK) {
			queue.send(message);
		}
		else {
			queue.send(message, LONG);
		}
	}

	@ParameterizedTest
	@EnumSource(names = { "DROP_OLDEST", "DROP_NEWEST" })
	void manySendersShouldFindWhatIsMissingAmongTheDropsAndTheRestInOrder(Overflow overflow) throws Exception {
		int count = 20_000;
		int[] last = new int[4];
		int[] received = new int[1];
		List<String> disorder = new ArrayList<>();
		QueueSource<int[]> queue = this.loop.queue("queue", 8, overflow, (message) -> {
			if (message[1] < last[message[0]]) {
				disorder.add(message[0] + " " + message[1]);
			}
			last[message[0]] = message[1];
			received[0]++;
		});
		try (LoopRunner runner = LoopRunner.start(this.loop)) {
			List<Sender> sending = new ArrayList<>();
			for (int sender = 0; sender < last.length; sender++) {
				int number = sender;
				sending.add(Sender.start(() -> {
					for (int i = 0; i < count; i++) {
						queue.send(new int[] { number, i });
					}
				}));
			}
			for (Sender sender : sending) {
				sender.join();
			}
			runner.stop();
			assertThat(disorder).isEmpty();
			assertThat(received[0] + queue.dropped()).isEqualTo(last.length * count);
			assertThat(queue.sent()).isEqualTo(last.length * count);
		}
	}

	@Test
	void loopShouldListItsQueues() {
		QueueSource<String> queue = full(Overflow.DROP_NEWEST);
		QueueSource<String> other = this.loop.queue("other", 2, this.handled::add);
		assertThat(this.loop.queues()).containsExactly(other, queue);
		queue.close();
		assertThat(this.loop.queues()).containsExactly(other);
	}

	/** A queue that has taken as much as it can. */
	private QueueSource<String> full(Overflow overflow) {
		QueueSource<String> queue = this.loop.queue("queue", 2, overflow, this.handled::add);
		queue.send("a");
		queue.send("b");
		return queue;
	}

	private static List<Sender> waiting(QueueSource<String> queue) {
		List<Sender> waiting = new ArrayList<>();
		for (int i = 0; i < 4; i++) {
			waiting.add(Sender.start(() -> queue.send("c")));
		}
		waiting.forEach(Sender::awaitWaiting);
		return waiting;
	}

	private static void assertRefused(List<Sender> waiting, String message) {
		for (Sender sender : waiting) {
			assertThatExceptionOfType(ExecutionException.class).isThrownBy(sender::join)
				.havingCause()
				.isInstanceOf(MessageRefusedException.class)
				.withMessageStartingWith(message);
		}
	}

	/**
	 * A thread that sends.
	 *
	 * @param thread the thread
	 * @param end its end
	 */
	private record Sender(Thread thread, FutureTask<Void> end) {

		static Sender start(Sending sending) {
			FutureTask<Void> end = new FutureTask<>(() -> {
				sending.run();
				return null;
			});
			Sender sender = new Sender(new Thread(end, "sender"), end);
			sender.thread.setDaemon(true);
			sender.thread.start();
			return sender;
		}

		void awaitWaiting() {
			await().atMost(LONG).pollInterval(Duration.ofMillis(1)).until(this::isWaiting);
		}

		boolean isWaiting() {
			return EnumSet.of(State.WAITING, State.TIMED_WAITING).contains(this.thread.getState());
		}

		void join() throws Exception {
			this.end.get(LoopRunner.TIMEOUT_SECONDS, TimeUnit.SECONDS);
		}

	}

	private interface Sending {

		void run() throws Exception;

	}

	/** Fails when it is told to. */
	private static final class FailingMultiplexer extends DelegatingMultiplexer {

		private final AtomicBoolean failing;

		FailingMultiplexer(AtomicBoolean failing) {
			super(MultiplexerKind.EPOLL.get());
			this.failing = failing;
		}

		@Override
		public int await(long timeoutNanos) {
			if (this.failing.get()) {
				throw new IllegalStateException("expected by the test");
			}
			return super.await(timeoutNanos);
		}

	}

}

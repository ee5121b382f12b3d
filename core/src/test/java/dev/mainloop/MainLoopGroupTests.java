package dev.mainloop;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;

import dev.mainloop.fd.EventFd;
import dev.mainloop.multiplexer.Readiness;
import dev.mainloop.testing.LinuxTest;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

@LinuxTest
@ExtendWith(OutputCaptureExtension.class)
class MainLoopGroupTests {

	private static final int CAPACITY = 1024;

	private final MainLoopGroup group = new MainLoopGroup();

	private final List<MainLoop> loops = new ArrayList<>();

	private final List<MainLoopThread> threads = new ArrayList<>();

	private final CountDownLatch begun = new CountDownLatch(1);

	private final CountDownLatch release = new CountDownLatch(1);

	private MainLoop loop() {
		return loop(MainLoop.builder());
	}

	private MainLoop loop(MainLoopBuilder builder) {
		MainLoop loop = builder.group(this.group).build();
		this.loops.add(loop);
		return loop;
	}

	private MainLoopThread start(MainLoop loop) {
		MainLoopThread thread = new MainLoopThread(loop);
		this.threads.add(thread);
		thread.start();
		return thread;
	}

	private void startAll() {
		this.loops.forEach(this::start);
	}

	/** Keeps a loop in a handler until it is released. */
	private void hold(MainLoop loop) throws InterruptedException {
		loop.execute(() -> {
			this.begun.countDown();
			awaitRelease();
		});
		LoopRunner.await(this.begun);
	}

	private void awaitRelease() {
		try {
			this.release.await();
		}
		catch (InterruptedException ex) {
			throw new IllegalStateException(ex);
		}
	}

	/** Waits until all loops have been left that were told to stop. */
	private void awaitStopped() {
		CompletableFuture.allOf(this.threads.stream().map(MainLoopThread::stop).toArray(CompletableFuture<?>[]::new))
			.orTimeout(LoopRunner.TIMEOUT_SECONDS, TimeUnit.SECONDS)
			.join();
	}

	private static void awaitStopped(MainLoopThread thread) {
		thread.stop().orTimeout(LoopRunner.TIMEOUT_SECONDS, TimeUnit.SECONDS).join();
	}

	/** Waits until a loop that has nothing to handle waits for the others. */
	private static void awaitWaiting(MainLoop loop) {
		Thread thread = loop.thread();
		assertThat(thread).isNotNull();
		await().atMost(Duration.ofSeconds(LoopRunner.TIMEOUT_SECONDS))
			.until(() -> thread.getState() == Thread.State.WAITING);
		assertThat(loop.state()).isEqualTo(MainLoopState.STOPPING);
	}

	@AfterEach
	void close() {
		this.release.countDown();
		this.loops.forEach((loop) -> assertThat(loop.close(Duration.ofSeconds(LoopRunner.TIMEOUT_SECONDS))).isTrue());
	}

	/**
	 * Loops of which each sends the messages that it gets on to the next.
	 *
	 * @param queues the queue of each
	 * @param accepted how many messages they took
	 * @param handled how many messages they have handled
	 */
	private record Ring(List<QueueSource<Integer>> queues, AtomicLong accepted, AtomicLong handled) {

		static Ring of(List<MainLoop> loops) {
			Ring ring = new Ring(new ArrayList<>(), new AtomicLong(), new AtomicLong());
			for (int i = 0; i < loops.size(); i++) {
				int next = (i + 1) % loops.size();
				ring.queues.add(loops.get(i).queue("ring " + i, CAPACITY, (links) -> ring.handle(next, links)));
			}
			return ring;
		}

		private void handle(int next, int links) {
			this.handled.incrementAndGet();
			if (links > 0) {
				offer(next, links - 1);
			}
		}

		boolean offer(int index, int links) {
			// Counted before it can be handled.
			this.accepted.incrementAndGet();
			boolean accepted = this.queues.get(index).offer(links);
			if (!accepted) {
				this.accepted.decrementAndGet();
			}
			return accepted;
		}

		long left() {
			return this.queues.stream().mapToLong(QueueSource::size).sum();
		}

	}

	@Test
	void stopShouldCompleteChainOverAllLoops() throws Exception {
		Stream.generate(this::loop).limit(4).forEach((loop) -> {
		});
		Ring ring = Ring.of(this.loops);
		startAll();
		hold(this.loops.get(0));
		ring.offer(0, 1000);
		this.group.stop();
		this.loops.subList(1, 4).forEach(MainLoopGroupTests::awaitWaiting);
		assertThat(ring.queues.get(1).offer(1)).isFalse();
		this.release.countDown();
		awaitStopped();
		assertThat(ring.handled).hasValue(1001);
		assertThat(this.loops).extracting(MainLoop::state).containsOnly(MainLoopState.STOPPED);
	}

	@RepeatedTest(10)
	void stopWhileLoopsAndThreadsSendShouldLoseNothing() throws Exception {
		loop();
		loop();
		Ring ring = Ring.of(this.loops);
		startAll();
		List<Thread> senders = senders(ring, 20);
		this.group.stop();
		awaitStopped();
		join(senders);
		assertThat(ring.left()).isZero();
		assertThat(ring.handled).hasValue(ring.accepted.get());
	}

	@RepeatedTest(3)
	void stopWhileLoopsSendForEverShouldEndAndTellWhatIsLeft(CapturedOutput output) throws Exception {
		loop();
		loop();
		Ring ring = Ring.of(this.loops);
		startAll();
		List<Thread> senders = senders(ring, Integer.MAX_VALUE);
		this.group.stop();
		awaitStopped();
		join(senders);
		assertThat(ring.left()).isPositive();
		assertThat(ring.handled.get() + ring.left()).isEqualTo(ring.accepted.get());
		for (QueueSource<Integer> queue : ring.queues) {
			if (queue.size() > 0) {
				assertThat(output).contains("The main loop has stopped with %d messages left, %d in '%s': "
					.formatted(queue.size(), queue.size(), queue));
			}
		}
	}

	/** Starts threads that send until they are refused, and have sent some messages. */
	private static List<Thread> senders(Ring ring, int links) throws InterruptedException {
		CountDownLatch flowing = new CountDownLatch(2000);
		List<Thread> senders = new ArrayList<>();
		for (int i = 0; i < 2; i++) {
			int index = i;
			senders.add(new Thread(() -> {
				while (ring.queues.get(index).size() > CAPACITY / 4 || ring.offer(index, links)) {
					flowing.countDown();
				}
			}, "sender"));
		}
		senders.forEach(Thread::start);
		LoopRunner.await(flowing);
		return senders;
	}

	private static void join(List<Thread> threads) throws InterruptedException {
		for (Thread thread : threads) {
			thread.join(TimeUnit.SECONDS.toMillis(LoopRunner.TIMEOUT_SECONDS));
			assertThat(thread.isAlive()).isFalse();
		}
	}

	@Test
	void stopShouldNotTakeManyMessagesForLongChain() throws Exception {
		int count = 2 * LoopStop.MOST_ROUNDS;
		AtomicLong handled = new AtomicLong();
		EventQueue<Integer> second = loop().queue("second", count, (message) -> handled.incrementAndGet());
		MainLoop loop = loop(MainLoop.builder().budget(1));
		EventQueue<Integer> first = loop.queue("first", count, second::send);
		startAll();
		hold(loop);
		for (int i = 0; i < count; i++) {
			first.send(i);
		}
		this.group.stop();
		awaitWaiting(this.loops.get(0));
		this.release.countDown();
		awaitStopped();
		assertThat(handled).hasValue(count);
	}

	@Test
	void handlerThatSendsToItselfForEverShouldNotHoldUpStop(CapturedOutput output) {
		AtomicLong handled = new AtomicLong();
		MainLoop loop = loop();
		List<QueueSource<String>> queue = new ArrayList<>();
		queue.add(loop.queue("own", 8, (message) -> {
			handled.incrementAndGet();
			queue.get(0).send(message);
		}));
		queue.get(0).send("a");
		queue.get(0).send("b");
		MainLoopThread thread = start(loop);
		for (int i = 0; i < 2; i++) {
			long before = handled.get();
			awaitStopped(thread);
			assertThat(loop.state()).isEqualTo(MainLoopState.STOPPED);
			assertThat(handled.get() - before).isGreaterThanOrEqualTo(2 * LoopStop.SURE_ROUNDS);
			assertThat(queue.get(0).size()).isEqualTo(2);
			assertThat(output).contains("The main loop has stopped with 2 messages left, 2 in 'own': ");
			thread.start();
		}
		this.group.stop();
		awaitStopped();
		assertThat(queue.get(0).size()).isEqualTo(2);
	}

	@Test
	void chainShouldBeFollowedForItsSureLinksHoweverSlow() {
		assertThat(links(Duration.ofSeconds(1))).isEqualTo(LoopStop.SURE_ROUNDS);
		assertThat(links(Duration.ofMillis(5))).isEqualTo(LoopStop.LONGEST.toMillis() / 5);
		assertThat(links(Duration.ZERO)).isEqualTo(LoopStop.MOST_ROUNDS);
	}

	/** Counts how far a loop follows a chain of which each link takes some time. */
	private int links(Duration duration) {
		AtomicLong now = new AtomicLong();
		List<QueueSource<Integer>> queue = new ArrayList<>();
		MainLoop loop = loop(MainLoop.builder().clock(now::get));
		int[] links = new int[1];
		queue.add(loop.queue("own", 8, (link) -> {
			links[0] = link;
			now.addAndGet(duration.toNanos());
			queue.get(0).send(link + 1);
		}));
		queue.get(0).send(1);
		MainLoopInvoker invoker = new MainLoopInvoker(loop);
		invoker.start();
		invoker.stop();
		return links[0];
	}

	@Test
	void handlerMayStopItsGroup() {
		MainLoop first = loop();
		loop();
		startAll();
		first.execute(this.group::stop);
		await().atMost(Duration.ofSeconds(LoopRunner.TIMEOUT_SECONDS))
			.until(() -> this.loops.stream().allMatch((loop) -> loop.state() == MainLoopState.STOPPED));
	}

	@Test
	void loopsShouldRunAndStopTogetherAgain() {
		Stream.generate(this::loop).limit(3).forEach((loop) -> {
		});
		Ring ring = Ring.of(this.loops);
		startAll();
		for (int i = 1; i <= 20; i++) {
			assertThat(ring.offer(0, 99)).isTrue();
			this.group.stop();
			awaitStopped();
			assertThat(ring.handled).hasValue(i * 100L);
			this.threads.forEach(MainLoopThread::start);
		}
	}

	@Test
	void loopThatWaitsForOthersShouldSleepThoughDescriptorsAreReady() throws Exception {
		MainLoop waits = loop();
		MainLoop held = loop();
		EventQueue<String> queue = waits.queue("queue", 8, (message) -> {
		});
		try (EventFd eventFd = EventFd.open(0)) {
			CountDownLatch ready = new CountDownLatch(1);
			waits.watch("ready", eventFd, Readiness.READABLE, (fd, readiness) -> ready.countDown());
			startAll();
			hold(held);
			eventFd.add(1);
			LoopRunner.await(ready);
			this.group.stop();
			awaitWaiting(waits);
			waits.thread().interrupt();
			awaitWaiting(waits);
			assertThat(queue.offer("refused")).isFalse();
			this.release.countDown();
			awaitStopped();
		}
	}

	@Test
	void pausedQueueShouldKeepItsMessagesAndHoldUpNobody() {
		List<String> handled = new ArrayList<>();
		QueueSource<String> queue = loop().queue("paused", 8, handled::add);
		loop();
		queue.pause();
		queue.send("a");
		startAll();
		this.group.stop();
		awaitStopped();
		assertThat(queue.size()).isOne();
		assertThat(handled).isEmpty();
	}

	@Test
	void queueThatIsResumedShouldBeHandledWhileOthersAreAwaited() throws Exception {
		CountDownLatch handled = new CountDownLatch(1);
		MainLoop waits = loop();
		QueueSource<String> queue = waits.queue("paused", 8, (message) -> handled.countDown());
		queue.pause();
		queue.send("a");
		MainLoop held = loop();
		startAll();
		hold(held);
		this.group.stop();
		awaitWaiting(waits);
		queue.resume();
		LoopRunner.await(handled);
		awaitWaiting(waits);
		this.release.countDown();
		awaitStopped();
	}

	@Test
	void loopThatDoesNotRunShouldHoldUpNobody() {
		List<String> handled = new ArrayList<>();
		MainLoop loop = loop();
		EventQueue<String> idle = loop().queue("idle", 8, handled::add);
		idle.send("a");
		MainLoopThread thread = start(loop);
		this.group.stop();
		awaitStopped(thread);
		assertThat(idle.offer("b")).isTrue();
		assertThat(handled).isEmpty();
	}

	@Test
	void loopThatStopsAloneShouldHoldUpNobody() throws Exception {
		MainLoop alone = loop();
		MainLoop other = loop();
		List<Boolean> taken = new ArrayList<>();
		QueueSource<String> queue = alone.queue("alone", 8, (String message) -> {
		});
		MainLoopThread thread = start(other);
		start(alone);
		hold(alone);
		CompletableFuture<Void> stopped = this.threads.get(1).stop();
		assertThat(other.state()).isEqualTo(MainLoopState.RUNNING);
		other.execute(() -> taken.add(queue.offer("a")));
		this.group.stop();
		awaitStopped(thread);
		assertThat(taken).containsExactly(false);
		assertThat(stopped).isNotDone();
		this.release.countDown();
		stopped.get(LoopRunner.TIMEOUT_SECONDS, TimeUnit.SECONDS);
	}

	@Test
	void loopThatIsClosedShouldHoldUpNobody() throws Exception {
		MainLoop closed = loop();
		MainLoop other = loop();
		List<Boolean> taken = new ArrayList<>();
		QueueSource<String> queue = other.queue("other", 8, (message) -> {
		});
		closed.queue("closed", 8, (String message) -> {
			this.begun.countDown();
			this.release.await();
			taken.add(queue.offer(message));
		}).send("a");
		startAll();
		LoopRunner.await(this.begun);
		this.group.stop();
		awaitWaiting(other);
		closed.close();
		awaitStopped(this.threads.get(1));
		assertThat(other.state()).isEqualTo(MainLoopState.STOPPED);
		this.release.countDown();
		assertThat(closed.close(Duration.ofSeconds(LoopRunner.TIMEOUT_SECONDS))).isTrue();
		assertThat(taken).containsExactly(false);
	}

	@Test
	void loopThatFailsShouldHoldUpNobody() throws Exception {
		MainLoop fails = loop(MainLoop.builder().errorPolicy(ErrorPolicy.STOP, 1));
		MainLoop other = loop();
		fails.queue("fails", 8, (message) -> {
			this.begun.countDown();
			this.release.await();
			throw new IllegalStateException("expected by the test");
		}).send("a");
		startAll();
		LoopRunner.await(this.begun);
		this.group.stop();
		awaitWaiting(other);
		this.release.countDown();
		awaitStopped();
		assertThat(fails.state()).isEqualTo(MainLoopState.FAILED);
		assertThat(other.state()).isEqualTo(MainLoopState.STOPPED);
	}

	@Test
	void loopThatIsStartedAgainShouldGoOnAndHoldUpNobody() throws Exception {
		MainLoop again = loop();
		MainLoop other = loop();
		startAll();
		hold(again);
		this.group.stop();
		awaitWaiting(other);
		this.threads.get(0).start();
		awaitStopped(this.threads.get(1));
		assertThat(again.state()).isEqualTo(MainLoopState.RUNNING);
		this.release.countDown();
		CountDownLatch handled = new CountDownLatch(1);
		again.execute(handled::countDown);
		LoopRunner.await(handled);
		this.group.stop();
		awaitStopped();
		assertThat(again.state()).isEqualTo(MainLoopState.STOPPED);
	}

	@Test
	void loopThatWaitsShouldGoOnWhenItIsStartedAgain() throws Exception {
		MainLoop again = loop();
		MainLoop held = loop();
		startAll();
		hold(held);
		this.group.stop();
		awaitWaiting(again);
		this.threads.get(0).start();
		CountDownLatch handled = new CountDownLatch(1);
		again.after("timer", Duration.ofMillis(1), (timer) -> handled.countDown());
		LoopRunner.await(handled);
		this.release.countDown();
		awaitStopped(this.threads.get(1));
		assertThat(again.state()).isEqualTo(MainLoopState.RUNNING);
	}

	@Test
	void loopsRunByHandShouldHandleAllMessagesAtTheFirstStop() {
		List<MainLoopInvoker> invokers = invokers();
		Ring ring = Ring.of(this.loops);
		invokers.forEach(MainLoopInvoker::start);
		ring.offer(0, 1000);
		this.group.stop();
		assertThat(ring.queues.get(0).offer(1)).isFalse();
		invokers.get(1).stop();
		assertThat(ring.handled).hasValue(1001);
		assertThat(this.loops).extracting(MainLoop::state)
			.containsExactly(MainLoopState.STOPPING, MainLoopState.STOPPED, MainLoopState.STOPPING);
		invokers.forEach(MainLoopInvoker::stop);
		assertThat(this.loops).extracting(MainLoop::state).containsOnly(MainLoopState.STOPPED);
	}

	@Test
	void loopsRunByHandShouldNotSendForEver(CapturedOutput output) {
		List<MainLoopInvoker> invokers = invokers();
		Ring ring = Ring.of(this.loops);
		invokers.forEach(MainLoopInvoker::start);
		ring.offer(0, Integer.MAX_VALUE);
		this.group.stop();
		invokers.forEach(MainLoopInvoker::stop);
		assertThat(this.loops).extracting(MainLoop::state).containsOnly(MainLoopState.STOPPED);
		assertThat(ring.left()).isOne();
		assertThat(ring.handled.get()).isEqualTo(ring.accepted.get() - 1).isGreaterThanOrEqualTo(LoopStop.SURE_ROUNDS);
		assertThat(output).containsOnlyOnce("The main loop has stopped with 1 messages left, 1 in 'ring ");
	}

	@Test
	void loopRunByHandAndLoopWithThreadShouldNotWaitForEachOther() {
		MainLoop byHand = loop();
		List<String> handled = new ArrayList<>();
		EventQueue<String> queue = byHand.queue("by hand", 8, handled::add);
		MainLoopInvoker invoker = new MainLoopInvoker(byHand);
		invoker.start();
		invoker.runOnce(Duration.ZERO);
		queue.send("a");
		MainLoopThread thread = start(loop());
		this.group.stop();
		awaitStopped(thread);
		assertThat(handled).isEmpty();
		invoker.stop();
		assertThat(handled).containsExactly("a");
		assertThat(byHand.state()).isEqualTo(MainLoopState.STOPPED);
	}

	private List<MainLoopInvoker> invokers() {
		return Stream.generate(this::loop).limit(3).map(MainLoopInvoker::new).toList();
	}

}

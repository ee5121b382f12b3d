package dev.mainloop;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.FutureTask;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import dev.mainloop.fd.ClockId;
import dev.mainloop.fd.EventFd;
import dev.mainloop.fd.Signal;
import dev.mainloop.kernel.EveryMultiplexer;
import dev.mainloop.multiplexer.MultiplexerKind;
import dev.mainloop.multiplexer.Readiness;
import dev.mainloop.testing.LinuxTest;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

/**
 * The end of loops and sources while their handlers run and others send.
 */
@LinuxTest
@EveryMultiplexer
class CloseTests {

	private static final Duration LONG = Duration.ofSeconds(LoopRunner.TIMEOUT_SECONDS);

	private static final Pattern LEFT = Pattern.compile("was closed with (\\d+) messages that were not handled");

	private final MultiplexerKind kind;

	private final MainLoop loop;

	private final List<String> calls = new ArrayList<>();

	CloseTests(MultiplexerKind kind) {
		this.kind = kind;
		this.loop = open();
	}

	private MainLoop open() {
		return MainLoop.builder().multiplexer(this.kind).build();
	}

	@AfterEach
	void close() {
		this.loop.close();
	}

	@Test
	void useAfterCloseWhileHandlerRunsShouldBeRefused() throws Exception {
		QueueSource<String> queue = this.loop.queue("queue", 8, this.calls::add);
		try (Busy busy = Busy.start(this.loop)) {
			this.loop.close();
			assertRefused(queue);
			busy.inHandler(() -> assertRefused(queue));
		}
		assertThat(this.calls).isEmpty();
		assertThat(this.loop.state()).isEqualTo(MainLoopState.CLOSED);
	}

	@Test
	void useAfterCloseByHandlerShouldBeRefused() {
		QueueSource<String> queue = this.loop.queue("queue", 8, this.calls::add);
		List<Throwable> errors = new ArrayList<>();
		this.loop.execute(() -> {
			this.loop.close();
			try {
				assertRefused(queue);
			}
			catch (Throwable ex) {
				errors.add(ex);
			}
		});
		this.loop.run();
		assertThat(errors).isEmpty();
		assertThat(this.calls).isEmpty();
	}

	private void assertRefused(QueueSource<String> queue) {
		assertThat(queue.offer("late")).isFalse();
		assertThat(queue.isClosed()).isTrue();
		assertThatExceptionOfType(MessageRefusedException.class).isThrownBy(() -> queue.send("late"))
			.withMessage("The queue 'queue' is closed and takes no late");
		assertThatExceptionOfType(RejectedExecutionException.class)
			.isThrownBy(() -> this.loop.execute(() -> this.calls.add("task")))
			.withMessageEndingWith("it is closed");
		try (EventFd fd = EventFd.open(1)) {
			List<Runnable> uses = List.of(() -> this.loop.after("timer", Duration.ZERO, (timer) -> {
			}), () -> this.loop.every("timer", Duration.ZERO, Duration.ofMillis(1), (timer) -> {
			}), () -> this.loop.timer("timer").clock(ClockId.BOOTTIME).after(Duration.ZERO, (timer) -> {
			}), () -> this.loop.watch("fd", fd, Readiness.READABLE, (some, readiness) -> {
			}), () -> this.loop.onSignal("signal", Signal.of("WINCH"), (signal) -> {
			}), () -> this.loop.onClockSet("clock", (change) -> {
			}), () -> this.loop.queue("late", 8, (message) -> {
			}));
			assertThat(uses).allSatisfy((use) -> assertThatIllegalStateException().isThrownBy(use::run)
				.withMessage("The main loop is closed"));
		}
	}

	@Test
	@ExtendWith(OutputCaptureExtension.class)
	void closeWhileManySendShouldCountEachMessageThatWasTaken(CapturedOutput output) throws Exception {
		AtomicLong handled = new AtomicLong();
		AtomicLong accepted = new AtomicLong();
		int rounds = 24;
		for (int round = 0; round < rounds; round++) {
			int number = round;
			flood(accepted, handled, (flooded, queue, runner) -> {
				switch (number % 4) {
					case 0 -> flooded.close();
					case 1 -> assertThat(flooded.close(LONG)).isTrue();
					case 2 -> flooded.close(Duration.ZERO);
					default -> flooded.execute(flooded::close);
				}
			});
		}
		assertThat(accepted.get()).isPositive();
		assertThat(handled.get() + left(output)).isEqualTo(accepted.get());
	}

	@Test
	@ExtendWith(OutputCaptureExtension.class)
	void closeOfQueueWhileManySendShouldCountEachMessageThatWasTaken(CapturedOutput output) throws Exception {
		AtomicLong handled = new AtomicLong();
		AtomicLong accepted = new AtomicLong();
		for (int round = 0; round < 18; round++) {
			int number = round;
			flood(accepted, handled, (flooded, queue, runner) -> {
				switch (number % 3) {
					case 0 -> queue.close();
					case 1 -> assertThat(queue.close(LONG)).isTrue();
					default -> flooded.execute(queue::close);
				}
			});
		}
		assertThat(handled.get() + left(output)).isEqualTo(accepted.get());
	}

	@Test
	@ExtendWith(OutputCaptureExtension.class)
	void stopWhileManySendShouldHandleOrKeepEachMessageThatWasTaken(CapturedOutput output) throws Exception {
		AtomicLong handled = new AtomicLong();
		AtomicLong accepted = new AtomicLong();
		for (int round = 0; round < 18; round++) {
			flood(accepted, handled, (flooded, queue, runner) -> {
				runner.stop();
				assertThat(queue.offer(1)).isFalse();
			});
		}
		assertThat(handled.get() + left(output)).isEqualTo(accepted.get());
	}

	private void flood(AtomicLong accepted, AtomicLong handled, End end) throws Exception {
		MainLoop flooded = open();
		AtomicBoolean sending = new AtomicBoolean(true);
		CountDownLatch flowing = new CountDownLatch(100);
		QueueSource<Integer> queue = flooded.queue("queue", 64, (message) -> {
			handled.incrementAndGet();
			flowing.countDown();
		});
		LoopRunner runner = LoopRunner.start(flooded);
		List<Thread> senders = new ArrayList<>();
		for (int i = 0; i < 3; i++) {
			Thread sender = new Thread(() -> {
				long count = 0;
				while (sending.get()) {
					if (queue.offer(1)) {
						count++;
					}
					else if (queue.isClosed()) {
						break;
					}
				}
				accepted.addAndGet(count);
			}, "sender");
			sender.start();
			senders.add(sender);
		}
		LoopRunner.await(flowing);
		end.come(flooded, queue, runner);
		sending.set(flooded.state() == MainLoopState.RUNNING && !queue.isClosed());
		for (Thread sender : senders) {
			sender.join(LONG.toMillis());
			assertThat(sender.isAlive()).isFalse();
		}
		if (flooded.state() == MainLoopState.RUNNING) {
			runner.awaitIteration();
		}
		runner.stop();
		flooded.close();
		assertThat(flooded.close(LONG)).isTrue();
	}

	private static long left(CapturedOutput output) {
		Matcher matcher = LEFT.matcher(output);
		long left = 0;
		while (matcher.find()) {
			left += Long.parseLong(matcher.group(1));
		}
		return left;
	}

	@Test
	void closeOfSourceShouldAwaitItsHandler() throws Exception {
		try (Busy busy = Busy.start(this.loop)) {
			AtomicBoolean returned = new AtomicBoolean();
			CompletableFuture<Boolean> closed = CompletableFuture.supplyAsync(() -> {
				boolean result = busy.source.close(LONG);
				returned.set(true);
				return result;
			});
			busy.inHandler(() -> {
				while (busy.source.state() != EventSource.State.CLOSED) {
					Thread.onSpinWait();
				}
				assertThat(returned).isFalse();
			});
			busy.end();
			assertThat(get(closed)).isTrue();
		}
	}

	@Test
	void closeOfSourceShouldEndWaitAtItsTimeout() throws Exception {
		try (Busy busy = Busy.start(this.loop)) {
			assertThat(busy.source.close(Duration.ofMillis(1))).isFalse();
			assertThat(busy.source.close(Duration.ZERO)).isFalse();
			assertThat(busy.source.close(Duration.ofSeconds(-1))).isFalse();
			assertThat(busy.source.state()).isEqualTo(EventSource.State.CLOSED);
			busy.end();
			assertThat(busy.source.close(LONG)).isTrue();
		}
	}

	@Test
	void closeOfSourceShouldNotAwaitMoreThanTheHandlerThatRuns() throws Exception {
		try (Busy busy = Busy.start(this.loop)) {
			QueueSource<String> other = this.loop.queue("other", 8, this.calls::add);
			other.send("message");
			assertThat(other.close(Duration.ZERO)).isFalse();
			busy.end();
			assertThat(other.close(LONG)).isTrue();
			assertThat(this.calls).isEmpty();
		}
	}

	@Test
	void closeOfSourceByItsOwnHandlerShouldTellThatItRuns() throws Exception {
		try (EventFd fd = EventFd.open(1)) {
			List<Boolean> results = new ArrayList<>();
			QueueSource<?>[] queue = new QueueSource<?>[1];
			queue[0] = this.loop.queue("queue", 8, (message) -> results.add(queue[0].close(LONG)));
			queue[0].resume();
			send(queue[0]);
			this.loop.after("timer", Duration.ZERO, (timer) -> results.add(timer.close(LONG)));
			DescriptorSource[] source = new DescriptorSource[1];
			source[0] = this.loop.watch("fd", fd, Readiness.READABLE,
					(some, readiness) -> results.add(source[0].close(LONG)));
			LoopRunner.runUntilIdle(this.loop);
			this.loop.runOnce();
			assertThat(results).containsExactly(false, false, false);
		}
	}

	@SuppressWarnings("unchecked")
	private static void send(QueueSource<?> queue) {
		((QueueSource<String>) queue).send("message");
	}

	@Test
	void closeOfSourceByAnotherHandlerShouldTellThatItDoesNotRun() {
		List<Boolean> results = new ArrayList<>();
		QueueSource<String> queue = this.loop.queue("queue", 8, this.calls::add);
		queue.send("message");
		this.loop.after("timer", Duration.ZERO, (timer) -> results.add(queue.close(LONG)));
		this.loop.runOnce();
		assertThat(results).containsExactly(true);
		assertThat(this.calls).isEmpty();
	}

	@Test
	void closeOfSourceWhenNobodyRunsTheLoopShouldNotWait() {
		QueueSource<String> queue = this.loop.queue("queue", 8, this.calls::add);
		assertThat(queue.close(Duration.ZERO)).isTrue();
		assertThat(this.loop.after("timer", Duration.ZERO, (timer) -> this.calls.add("timer")).close(Duration.ZERO))
			.isTrue();
		LoopRunner.start(this.loop).stop();
		QueueSource<String> other = this.loop.queue("other", 8, this.calls::add);
		assertThat(other.close(Duration.ZERO)).isTrue();
		this.loop.close();
		assertThat(other.close(Duration.ZERO)).isTrue();
		assertThat(queue.close(LONG)).isTrue();
	}

	@Test
	void closeOfSourceWhenLoopIsIdleShouldWakeIt() throws Exception {
		try (LoopRunner runner = LoopRunner.start(this.loop)) {
			for (int i = 0; i < 60; i++) {
				QueueSource<String> queue = this.loop.queue("queue", 8, this.calls::add);
				queue.send("message");
				assertThat(queue.close(LONG)).isTrue();
			}
			assertThat(runner.thread().isRunning()).isTrue();
		}
	}

	@Test
	void closeOfSourceWhileLoopClosesShouldEnd() throws Exception {
		for (int i = 0; i < 60; i++) {
			MainLoop closing = open();
			LoopRunner runner = LoopRunner.start(closing);
			QueueSource<String> queue = closing.queue("queue", 8, (message) -> {
			});
			queue.send("message");
			CompletableFuture<Boolean> closed = CompletableFuture.supplyAsync(() -> queue.close(LONG));
			closing.close();
			assertThat(get(closed)).isTrue();
			runner.stop();
		}
	}

	@Test
	void closeOfSourceByRunOnceShouldEnd() {
		QueueSource<String> queue = this.loop.queue("queue", 8, this.calls::add);
		QueueSource<String> busy = this.loop.queue("busy", 8, (message) -> {
			CompletableFuture<Boolean> closed = CompletableFuture.supplyAsync(() -> queue.close(LONG));
			while (queue.state() != EventSource.State.CLOSED) {
				Thread.onSpinWait();
			}
			this.loop.after("result", Duration.ZERO, (timer) -> {
				if (closed.isDone()) {
					this.calls.add("" + get(closed));
				}
				else {
					// It may not have come to wait for the loop yet.
					timer.rescheduleAfter(Duration.ZERO);
				}
			});
		});
		busy.send("message");
		LoopRunner.runUntilIdle(this.loop);
		assertThat(this.calls).containsExactly("true");
	}

	@Test
	void closeOfLoopShouldAwaitItsHandler() throws Exception {
		try (Busy busy = Busy.start(this.loop)) {
			AtomicBoolean returned = new AtomicBoolean();
			CompletableFuture<Boolean> closed = CompletableFuture.supplyAsync(() -> {
				boolean result = this.loop.close(LONG);
				returned.set(true);
				return result;
			});
			busy.inHandler(() -> {
				while (this.loop.state() != MainLoopState.CLOSED) {
					Thread.onSpinWait();
				}
				assertThat(returned).isFalse();
				assertThat(this.loop.close(LONG)).isFalse();
			});
			assertThat(this.loop.close(Duration.ofMillis(1))).isFalse();
			assertThat(this.loop.close(Duration.ZERO)).isFalse();
			busy.end();
			assertThat(get(closed)).isTrue();
			assertThat(this.loop.close(Duration.ZERO)).isTrue();
			assertThat(this.loop.thread()).isNull();
		}
	}

	@Test
	void closeOfLoopThatNobodyRunsShouldNotWait() {
		assertThat(this.loop.close(Duration.ZERO)).isTrue();
		MainLoop stopped = open();
		LoopRunner.start(stopped).stop();
		assertThat(stopped.close(Duration.ZERO)).isTrue();
	}

	@Test
	void handlerOfEachKindThatClosesTheLoopShouldBeTheLast() {
		try (EventFd one = EventFd.open(1); EventFd other = EventFd.open(1)) {
			assertLast((closing, end) -> {
				QueueSource<Integer> queue = closing.queue("queue", 8, (message) -> end.run());
				queue.send(1);
				queue.send(2);
				closing.queue("other", 8, (message) -> end.run()).send("message");
				closing.execute(end);
			});
			assertLast((closing, end) -> {
				for (int i = 0; i < 3; i++) {
					closing.after("timer", Duration.ZERO, (timer) -> end.run());
					closing.timer("timer").clock(ClockId.BOOTTIME).after(Duration.ZERO, (timer) -> end.run());
				}
				closing.execute(end);
			});
			assertLast((closing, end) -> {
				for (EventFd fd : List.of(one, one, other)) {
					closing.watch("fd", fd, Readiness.READABLE, (some, readiness) -> end.run());
				}
				closing.after("timer", Duration.ZERO, (timer) -> end.run());
				closing.execute(end);
			});
		}
	}

	private void assertLast(Sources sources) {
		MainLoop closing = open();
		AtomicInteger count = new AtomicInteger();
		sources.register(closing, () -> {
			count.incrementAndGet();
			closing.close();
		});
		closing.run();
		assertThat(count).hasValue(1);
		assertThat(closing.state()).isEqualTo(MainLoopState.CLOSED);
	}

	private static <T> T get(CompletableFuture<T> future) {
		return future.orTimeout(LoopRunner.TIMEOUT_SECONDS, TimeUnit.SECONDS).join();
	}

	private interface End {

		void come(MainLoop loop, QueueSource<Integer> queue, LoopRunner runner);

	}

	private interface Sources {

		void register(MainLoop loop, Runnable end);

	}

	/** A loop in a handler that does what it is told until its end. */
	private static final class Busy implements AutoCloseable {

		private final LoopRunner runner;

		private final QueueSource<String> source;

		private final CountDownLatch begun = new CountDownLatch(1);

		private final CountDownLatch ended = new CountDownLatch(1);

		private volatile FutureTask<?> order;

		private Busy(MainLoop loop) {
			this.source = loop.queue("busy", 8, (message) -> {
				this.begun.countDown();
				while (this.ended.getCount() > 0) {
					FutureTask<?> todo = this.order;
					if (todo != null) {
						todo.run();
					}
					Thread.onSpinWait();
				}
			});
			this.source.send("begin");
			this.runner = LoopRunner.start(loop);
		}

		static Busy start(MainLoop loop) throws InterruptedException {
			Busy busy = new Busy(loop);
			LoopRunner.await(busy.begun);
			return busy;
		}

		void inHandler(Runnable action) throws Exception {
			Callable<Boolean> call = () -> {
				action.run();
				return true;
			};
			FutureTask<Boolean> todo = new FutureTask<>(call);
			this.order = todo;
			assertThat(todo.get(LoopRunner.TIMEOUT_SECONDS, TimeUnit.SECONDS)).isTrue();
		}

		void end() {
			this.ended.countDown();
		}

		@Override
		public void close() {
			end();
			this.runner.close();
		}

	}

}

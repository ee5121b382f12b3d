package dev.mainloop;

import java.io.PrintStream;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Function;

import dev.mainloop.fd.ClockId;
import dev.mainloop.fd.EventFd;
import dev.mainloop.kernel.CountingMultiplexer;
import dev.mainloop.kernel.ProcessFiles;
import dev.mainloop.kernel.StackOverflows;
import dev.mainloop.multiplexer.MultiplexerKind;
import dev.mainloop.multiplexer.Readiness;

/**
 * A program of its own for {@link StackOverflowTests}: the stack of those who use a loop
 * overflows at every place, and the loop is to go on.
 */
@SuppressWarnings("try")
public final class StackOverflowProgram {

	/**
	 * Many more than the wake-ups that may still be under way, many fewer than a spin.
	 */
	private static final int IDLE_WAITS = 30;

	private static final int ROUNDS = 2;

	private static final Duration HOUR = Duration.ofHours(1);

	private final CountingMultiplexer multiplexer;

	private final MainLoop loop;

	private final AtomicLong handled = new AtomicLong();

	private final Queue<Throwable> errors = new ConcurrentLinkedQueue<>();

	/** Sources that were made and not closed. */
	private final EventSource[] left = new EventSource[20_000];

	private int count;

	private StackOverflowProgram(MultiplexerKind kind) {
		this.multiplexer = new CountingMultiplexer(kind.get());
		this.loop = MainLoop.builder()
			.multiplexer(() -> this.multiplexer)
			.errorHandler((source, event, error) -> this.errors.add(error))
			.build();
	}

	/**
	 * Says which of its parts have ended well.
	 * @param args the kind of the multiplexer
	 * @throws Exception if one has not
	 */
	public static void main(String[] args) throws Exception {
		PrintStream out = System.out;
		try {
			run(MultiplexerKind.valueOf(args[0]), out);
		}
		catch (Throwable ex) {
			out.println(ex);
			Arrays.stream(ex.getStackTrace()).limit(20).forEach(out::println);
			Runtime.getRuntime().halt(1);
		}
	}

	private static void run(MultiplexerKind kind, PrintStream out) throws Exception {
		new StackOverflowProgram(kind).warmUp();
		for (Part part : Part.values()) {
			List<String> before = ProcessFiles.anonymous();
			StackOverflowProgram program = new StackOverflowProgram(kind);
			MainLoopThread thread = new MainLoopThread(program.loop);
			thread.start();
			part.run(program);
			program.requireAlive();
			program.requireIdle();
			for (Throwable error : program.errors) {
				throw new IllegalStateException("No handler was to fail", error);
			}
			thread.stop().get(LoopRunner.TIMEOUT_SECONDS, TimeUnit.SECONDS);
			program.loop.close();
			require(before.equals(ProcessFiles.anonymous()), "nothing left open");
			out.println(part + " ok");
		}
	}

	/**
	 * Has the JVM load what it needs for a message that is refused, or for a log line.
	 */
	private void warmUp() {
		for (Overflow overflow : Overflow.values()) {
			QueueSource<Integer> queue = queue("queue", overflow);
			for (int i = 0; i <= queue.capacity(); i++) {
				refusable(() -> queue.send(1));
			}
		}
		this.loop.close();
	}

	private void sendToWaitingLoop() throws Exception {
		for (Overflow overflow : Overflow.values()) {
			QueueSource<Integer> queue = queue("queue", overflow);
			overflow(() -> queue.offer(1));
			requireDrained(queue);
			overflow(() -> refusable(() -> queue.send(1)));
			requireDrained(queue);
			overflow(() -> refusable(() -> send(queue)));
			requireDrained(queue);
			queue.close();
		}
	}

	private void sendToBusyLoop() throws Exception {
		for (Overflow overflow : List.of(Overflow.REJECT, Overflow.DROP_OLDEST, Overflow.DROP_NEWEST)) {
			QueueSource<Integer> queue = queue("queue", overflow);
			try (Busy busy = new Busy(this.loop)) {
				overflow(() -> queue.offer(1));
				overflow(() -> refusable(() -> queue.send(1)));
			}
			requireDrained(queue);
			queue.close();
		}
	}

	private void executeTasks() throws Exception {
		overflow(() -> this.loop.execute(() -> {
		}));
		try (Busy busy = new Busy(this.loop)) {
			overflow(() -> refusable(() -> this.loop.execute(() -> {
			})));
		}
	}

	private void sendByHandler() throws Exception {
		Runnable nothing = () -> {
		};
		Runnable task = () -> this.loop.execute(nothing);
		QueueSource<Integer> queue = queue("queue", Overflow.REJECT);
		for (int i = 0; i < 30; i++) {
			int tasks = i;
			this.loop.execute(() -> recurse(tasks, () -> {
				queue.offer(1);
				refusable(task);
			}));
		}
		requireAlive();
		requireDrained(queue);
	}

	private void timers() throws Exception {
		timers(this.loop::timer, HOUR);
		requireNoTimers();
		for (ClockId clock : List.of(ClockId.BOOTTIME, ClockId.REALTIME)) {
			overflow(() -> openAndClose(this.loop.timer("timer").clock(clock).after(HOUR, (timer) -> {
			})));
		}
		closeLeft();
		requireNoTimers();
	}

	private void timers(Function<String, Timer.Builder> builders, Duration delay) throws Exception {
		overflow(() -> openAndClose(builders.apply("timer").after(delay, (some) -> {
		})));
		closeLeft();
		Timer timer = builders.apply("timer").every(Duration.ofMillis(1), Duration.ofMillis(1), (some) -> {
		});
		overflow(timer::pause);
		overflow(timer::resume);
		overflow(() -> timer.rescheduleAfter(Duration.ofMillis(1)));
		overflow(() -> timer.rescheduleAfter(HOUR));
		overflow(() -> timer.period(HOUR));
		overflow(() -> {
			timer.pause();
			timer.resume();
		});
		timer.resume();
		CountDownLatch expired = new CountDownLatch(1);
		builders.apply("other").after(Duration.ZERO, (some) -> expired.countDown());
		await(expired);
		timer.close();
	}

	private void timersByHandler() throws Exception {
		Timer kept = this.loop.every("timer", HOUR, HOUR, (some) -> {
		});
		for (int i = 0; i < 30; i++) {
			int tasks = i;
			this.loop.execute(() -> recurse(tasks, () -> {
				kept.pause();
				kept.resume();
				kept.rescheduleAfter(HOUR);
				openAndClose(this.loop.after("timer", Duration.ZERO, (some) -> {
				}));
			}));
		}
		requireAlive();
		this.loop.execute(this::closeLeft);
		kept.close();
		requireNoTimers();
	}

	private void descriptors() throws Exception {
		try (EventFd fd = EventFd.open(1)) {
			overflow(() -> openAndClose(this.loop.watch("fd", fd, Readiness.WRITABLE, (some, readiness) -> {
			})));
			closeLeft();
			require(this.loop.sourceCounts().get("descriptors") == 0, "no descriptor");
			DescriptorSource source = this.loop.watch("fd", fd, Readiness.READABLE, (some, readiness) -> fd.take());
			overflow(source::pause);
			overflow(source::resume);
			overflow(() -> source.interest(Readiness.WRITABLE));
			overflow(() -> source.interest(Readiness.READABLE));
			overflow(() -> {
				source.pause();
				source.interest(Readiness.READABLE | Readiness.ERROR);
				source.resume();
				source.interest(Readiness.READABLE);
			});
			source.resume();
			source.interest(Readiness.READABLE);
			fd.add(1);
			CountDownLatch done = new CountDownLatch(1);
			this.loop.execute(done::countDown);
			await(done);
			source.close();
			require(this.loop.sourceCounts().get("descriptors") == 0, "no descriptor");
		}
	}

	private void queues() throws Exception {
		overflow(() -> {
			QueueSource<Integer> queue = this.loop.queue("queue", 8, (message) -> {
			});
			queue.offer(1);
			queue.pause();
			queue.resume();
			queue.close();
		});
		for (QueueSource<?> left : this.loop.queues()) {
			left.close();
		}
		require(this.loop.queues().isEmpty(), "no queue");
	}

	private void clocks() throws Exception {
		overflow(() -> {
			ClockSource source = this.loop.onClockSet("clock", (change) -> {
			});
			source.pause();
			source.resume();
			source.close();
		});
	}

	private void closings() throws Exception {
		QueueSource<Integer> queue = queue("queue", Overflow.REJECT);
		overflow(() -> queue.close(Duration.ofMillis(1)));
		require(queue.close(Duration.ofSeconds(10)), "source closed");
	}

	private QueueSource<Integer> queue(String description, Overflow overflow) {
		return this.loop.queue(description, 8, overflow, (message) -> this.handled.incrementAndGet());
	}

	private static void send(QueueSource<Integer> queue) {
		try {
			queue.send(1, Duration.ofMillis(100));
		}
		catch (InterruptedException ex) {
			throw new IllegalStateException(ex);
		}
	}

	private static void refusable(Runnable action) {
		try {
			action.run();
		}
		catch (MessageRefusedException | RejectedExecutionException ex) {
			// It is full.
		}
	}

	/** The messages that were taken are handled once there is another. */
	private void requireDrained(QueueSource<Integer> queue) throws Exception {
		long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(LoopRunner.TIMEOUT_SECONDS);
		long before = this.handled.get();
		queue.offer(1);
		while (queue.size() > 0 || this.handled.get() == before) {
			require(System.nanoTime() - deadline < 0, "messages are handled");
			Thread.yield();
		}
	}

	private void requireAlive() throws Exception {
		CountDownLatch done = new CountDownLatch(3);
		this.loop.execute(done::countDown);
		this.loop.after("alive", Duration.ofMillis(1), (timer) -> done.countDown());
		this.loop.queue("alive", 8, (message) -> done.countDown()).send(1);
		await(done);
		require(this.loop.state() == MainLoopState.RUNNING, "loop runs");
	}

	private void requireNoTimers() throws Exception {
		CountDownLatch done = new CountDownLatch(1);
		this.loop.execute(() -> this.loop.after("iteration", Duration.ZERO, (timer) -> done.countDown()));
		await(done);
		require(this.loop.sourceCounts().get("timers") == 0, "no timer but " + this.loop.sourceCounts());
	}

	/** A loop that spins waits many thousand times until a timer expires. */
	private void requireIdle() throws Exception {
		CountDownLatch expired = new CountDownLatch(1);
		int before = this.multiplexer.waits();
		this.loop.after("idle", Duration.ofMillis(100), (timer) -> expired.countDown());
		await(expired);
		int waits = this.multiplexer.waits() - before;
		require(waits <= IDLE_WAITS, "idle, but " + waits + " waits");
	}

	private void openAndClose(EventSource source) {
		this.left[this.count] = source;
		this.count++;
		source.close();
		this.count--;
	}

	private void closeLeft() {
		while (this.count > 0) {
			this.count--;
			this.left[this.count].close();
		}
	}

	private static void overflow(Runnable operation) throws Exception {
		require(StackOverflows.of(operation, ROUNDS) > 0, "it overflows");
	}

	/** Runs an action where nothing is left of the stack, and where a little more is. */
	private static void recurse(int offset, Runnable action) {
		if (offset > 0) {
			recurse(offset - 1, action);
			return;
		}
		action.run();
		descend(action, new int[1]);
	}

	private static void descend(Runnable action, int[] depth) {
		try {
			descend(action, depth);
		}
		catch (StackOverflowError ex) {
			// This is how deep it goes.
		}
		depth[0]++;
		if (depth[0] < 100) {
			try {
				action.run();
			}
			catch (StackOverflowError ex) {
				depth[0]++;
			}
		}
	}

	private static void await(CountDownLatch latch) throws InterruptedException {
		require(latch.await(LoopRunner.TIMEOUT_SECONDS, TimeUnit.SECONDS), "all is handled");
	}

	private static void require(boolean condition, String what) {
		if (!condition) {
			throw new IllegalStateException("Not so: " + what);
		}
	}

	/** What is done where the stack overflows. */
	enum Part {

		SEND_TO_WAITING_LOOP {

			@Override
			void run(StackOverflowProgram program) throws Exception {
				program.sendToWaitingLoop();
			}

		},

		SEND_TO_BUSY_LOOP {

			@Override
			void run(StackOverflowProgram program) throws Exception {
				program.sendToBusyLoop();
			}

		},

		EXECUTE {

			@Override
			void run(StackOverflowProgram program) throws Exception {
				program.executeTasks();
			}

		},

		SEND_BY_HANDLER {

			@Override
			void run(StackOverflowProgram program) throws Exception {
				program.sendByHandler();
			}

		},

		TIMERS {

			@Override
			void run(StackOverflowProgram program) throws Exception {
				program.timers();
			}

		},

		TIMERS_BY_HANDLER {

			@Override
			void run(StackOverflowProgram program) throws Exception {
				program.timersByHandler();
			}

		},

		DESCRIPTORS {

			@Override
			void run(StackOverflowProgram program) throws Exception {
				program.descriptors();
			}

		},

		QUEUES {

			@Override
			void run(StackOverflowProgram program) throws Exception {
				program.queues();
			}

		},

		CLOCKS {

			@Override
			void run(StackOverflowProgram program) throws Exception {
				program.clocks();
			}

		},

		CLOSINGS {

			@Override
			void run(StackOverflowProgram program) throws Exception {
				program.closings();
			}

		};

		abstract void run(StackOverflowProgram program) throws Exception;

	}

	/** A handler that keeps the loop until this is closed. */
	private static final class Busy implements AutoCloseable {

		private final CountDownLatch begun = new CountDownLatch(1);

		private final CountDownLatch ended = new CountDownLatch(1);

		Busy(MainLoop loop) throws InterruptedException {
			loop.execute(() -> {
				this.begun.countDown();
				try {
					this.ended.await();
				}
				catch (InterruptedException ex) {
					Thread.currentThread().interrupt();
				}
			});
			StackOverflowProgram.await(this.begun);
		}

		@Override
		public void close() {
			this.ended.countDown();
		}

	}

}

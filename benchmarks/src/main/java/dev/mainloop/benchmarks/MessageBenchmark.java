package dev.mainloop.benchmarks;

import java.util.concurrent.TimeUnit;

import dev.mainloop.EventQueue;
import dev.mainloop.MainLoop;
import dev.mainloop.MainLoopThread;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Threads;

/**
 * Messages from other threads, and from the loop to itself.
 */
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class MessageBenchmark {

	private static final int BATCH = 256;

	private static final Integer MESSAGE = 1;

	/**
	 * One sender to a loop on a thread of its own, which both keep busy.
	 * @param running the loop
	 */
	@Benchmark
	public void oneSender(Running running) {
		running.send();
	}

	/**
	 * Three senders to a loop on a thread of its own; the time is that of each sender, a
	 * third of it that of a message.
	 * @param running the loop
	 */
	@Benchmark
	@Threads(3)
	public void threeSenders(Running running) {
		running.send();
	}

	/**
	 * A message to a loop that waits, and back to the sender that spins for it.
	 * @param running the loop
	 */
	@Benchmark
	public void wakeUp(Running running) {
		long before = running.handled;
		running.queue.send(MESSAGE);
		while (running.handled == before) {
			Thread.onSpinWait();
		}
	}

	/**
	 * Messages that wait in a queue, and the iterations that handle them, on one thread.
	 * @param idle the loop
	 */
	@Benchmark
	@OperationsPerInvocation(BATCH)
	public void sendAndDrain(Idle idle) {
		for (int i = 0; i < BATCH; i++) {
			idle.queue.send(MESSAGE);
		}
		while (idle.queue.size() > 0) {
			idle.loop.runOnce();
		}
	}

	/** A loop that runs. */
	@State(Scope.Benchmark)
	public static class Running {

		private final MainLoop loop = MainLoop.builder().build();

		private final MainLoopThread thread = new MainLoopThread(this.loop);

		private volatile long handled;

		private final EventQueue<Integer> queue = this.loop.queue("queue", 8192,
				(message) -> this.handled = this.handled + message);

		/** Starts it. */
		@Setup(Level.Trial)
		public void start() {
			this.thread.start();
		}

		void send() {
			while (!this.queue.offer(MESSAGE)) {
				Thread.onSpinWait();
			}
		}

		/** Stops it. */
		@TearDown(Level.Trial)
		public void stop() {
			this.thread.stop().join();
			this.loop.close();
		}

	}

	/** A loop that the benchmark runs. */
	@State(Scope.Benchmark)
	public static class Idle {

		private final MainLoop loop = MainLoop.builder().build();

		private long handled;

		private final EventQueue<Integer> queue = this.loop.queue("queue", 8192, (message) -> this.handled += message);

		/** Closes it. */
		@TearDown(Level.Trial)
		public void close() {
			this.loop.close();
		}

	}

}

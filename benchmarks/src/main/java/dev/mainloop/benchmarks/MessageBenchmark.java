package dev.mainloop.benchmarks;

import java.util.concurrent.TimeUnit;

import dev.mainloop.EventQueue;
import dev.mainloop.MainLoop;
import dev.mainloop.benchmarks.peer.Flood;
import dev.mainloop.benchmarks.peer.Peer;
import dev.mainloop.benchmarks.peer.Receiver;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Threads;

/**
 * Messages from other threads, and from the loop to itself. Those of several senders are
 * counted together, as one that is held up says little of what a message costs.
 */
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@OperationsPerInvocation(Flood.BATCH)
public class MessageBenchmark {

	private static final Integer MESSAGE = 1;

	/**
	 * One sender to a thread that handles messages, which both keep busy.
	 * @param running that thread
	 */
	@Benchmark
	@BenchmarkMode(Mode.Throughput)
	public void oneSender(Running running) {
		running.send();
	}

	/**
	 * The same with two senders.
	 * @param running that thread
	 */
	@Benchmark
	@BenchmarkMode(Mode.Throughput)
	@Threads(2)
	public void twoSenders(Running running) {
		running.send();
	}

	/**
	 * The same with three senders.
	 * @param running that thread
	 */
	@Benchmark
	@BenchmarkMode(Mode.Throughput)
	@Threads(3)
	public void threeSenders(Running running) {
		running.send();
	}

	/**
	 * Messages that wait in a queue, and the iterations that handle them, on one thread.
	 * @param idle the loop
	 */
	@Benchmark
	public void sendAndDrain(Idle idle) {
		for (int i = 0; i < Flood.BATCH; i++) {
			idle.queue.send(MESSAGE);
		}
		while (idle.queue.size() > 0) {
			idle.loop.runOnce();
		}
	}

	/**
	 * A message to a loop that waits, and back to the sender that spins for it.
	 * @param waiting that loop
	 */
	@Benchmark
	@OperationsPerInvocation
	public void wakeUp(Waiting waiting) {
		long before = waiting.handled;
		waiting.receiver.offer();
		while (waiting.handled == before) {
			Thread.onSpinWait();
		}
	}

	/** A thread that handles messages. */
	@State(Scope.Benchmark)
	public static class Running {

		/** Whose it is. */
		@Param("MAINLOOP")
		private Peer peer;

		private final Flood flood = new Flood();

		private Receiver receiver;

		/** Starts it. */
		@Setup(Level.Trial)
		public void start() {
			this.receiver = this.peer.receiver(this.flood);
		}

		void send() {
			this.flood.send(this.receiver);
		}

		/** Stops it. */
		@TearDown(Level.Trial)
		public void stop() {
			this.receiver.close();
		}

	}

	/** A thread that waits for each message. */
	@State(Scope.Benchmark)
	public static class Waiting {

		/** Whose it is. */
		@Param("MAINLOOP")
		private Peer peer;

		private volatile long handled;

		private Receiver receiver;

		/** Starts it. */
		@Setup(Level.Trial)
		public void start() {
			this.receiver = this.peer.receiver(() -> this.handled = this.handled + 1);
		}

		/** Stops it. */
		@TearDown(Level.Trial)
		public void stop() {
			this.receiver.close();
		}

	}

	/** A loop that the benchmark runs. */
	@State(Scope.Benchmark)
	public static class Idle {

		private final MainLoop loop = MainLoop.builder().build();

		private long handled;

		private final EventQueue<Integer> queue = this.loop.queue("queue", Receiver.CAPACITY,
				(message) -> this.handled += message);

		/** Closes it. */
		@TearDown(Level.Trial)
		public void close() {
			this.loop.close();
		}

	}

}

package dev.mainloop.benchmarks;

import java.util.concurrent.TimeUnit;

import dev.mainloop.benchmarks.peer.Keys;
import dev.mainloop.benchmarks.peer.Orders;
import dev.mainloop.benchmarks.peer.Peer;
import dev.mainloop.benchmarks.peer.Shards;
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

/**
 * Messages with keys that keep several processors busy.
 */
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class ShardBenchmark {

	/**
	 * One sender to threads that are kept busy.
	 * @param running the threads
	 */
	@Benchmark
	@OperationsPerInvocation(Orders.BATCH)
	public void order(Running running) {
		running.orders.send(running.shards);
	}

	/** Threads that handle orders. */
	@State(Scope.Benchmark)
	public static class Running {

		/** Whose they are. */
		@Param("MAINLOOP")
		private Peer peer;

		/** How many. */
		@Param({ "1", "2" })
		private int threads;

		/** How often each customer orders. */
		@Param({ "UNIFORM", "ZIPF" })
		private Keys keys;

		private Orders orders;

		private Shards shards;

		/** Starts them. */
		@Setup(Level.Trial)
		public void start() {
			this.orders = new Orders(this.keys);
			this.shards = this.peer.shards(this.threads, this.orders);
		}

		/** Stops them. */
		@TearDown(Level.Trial)
		public void stop() {
			this.shards.close();
		}

	}

}

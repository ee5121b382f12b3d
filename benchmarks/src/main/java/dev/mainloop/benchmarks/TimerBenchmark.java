package dev.mainloop.benchmarks;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;

import dev.mainloop.MainLoop;
import dev.mainloop.Timer;
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
 * Timers, by handlers on the loop's thread.
 */
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class TimerBenchmark {

	private static final int BATCH = 1000;

	private static final Duration HOUR = Duration.ofHours(1);

	/**
	 * A time-out that is armed and cancelled.
	 * @param armed the loop
	 */
	@Benchmark
	@OperationsPerInvocation(BATCH)
	public void armAndCancel(Armed armed) {
		armed.run(() -> {
			for (int i = 0; i < BATCH; i++) {
				armed.loop.after("time-out", HOUR, Armed::expired).close();
			}
		});
	}

	/**
	 * A time-out that is moved later, as by each packet of a connection.
	 * @param armed the loop
	 */
	@Benchmark
	@OperationsPerInvocation(BATCH)
	public void kick(Armed armed) {
		armed.run(() -> {
			for (int i = 0; i < BATCH; i++) {
				armed.some().rescheduleAfter(HOUR);
			}
		});
	}

	/**
	 * A tick of a periodic timer, with the iteration that it takes.
	 * @param ticking the loop
	 */
	@Benchmark
	public void tick(Ticking ticking) {
		ticking.now += Ticking.PERIOD;
		ticking.loop.runOnce();
	}

	/** A loop with timers that do not expire. */
	@State(Scope.Benchmark)
	public static class Armed {

		/** How many timers. */
		@Param({ "1", "1000", "100000" })
		private int count;

		private final MainLoop loop = MainLoop.builder().build();

		private final SplittableRandom random = new SplittableRandom(1);

		private final List<Timer> timers = new ArrayList<>();

		/** Arms them. */
		@Setup(Level.Trial)
		public void arm() {
			run(() -> {
				for (int i = 0; i < this.count; i++) {
					this.timers
						.add(this.loop.after("timer", HOUR.plusNanos(this.random.nextLong(1L << 40)), Armed::expired));
				}
			});
		}

		private static void expired(Timer timer) {
			throw new IllegalStateException("It is not to expire");
		}

		Timer some() {
			return this.timers.get(this.random.nextInt(this.count));
		}

		void run(Runnable task) {
			this.loop.execute(task);
			this.loop.runOnce();
		}

		/** Closes it. */
		@TearDown(Level.Trial)
		public void close() {
			this.loop.close();
		}

	}

	/** A loop with a periodic timer on a clock of the benchmark. */
	@State(Scope.Benchmark)
	public static class Ticking {

		private static final long PERIOD = 1000;

		private long now = 1_000_000_000;

		private long ticks;

		private final MainLoop loop = MainLoop.builder().clock(() -> this.now).build();

		/** Arms it. */
		@Setup(Level.Trial)
		public void arm() {
			Duration period = Duration.ofNanos(PERIOD);
			this.loop.every("ticking", period, period, (timer) -> this.ticks++);
			this.loop.runOnce();
		}

		/** Closes it. */
		@TearDown(Level.Trial)
		public void close() {
			this.loop.close();
		}

	}

}

package dev.mainloop.benchmarks;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;

import dev.mainloop.MainLoop;
import dev.mainloop.Timer;
import dev.mainloop.TimerTick;
import dev.mainloop.benchmarks.peer.Delay;
import dev.mainloop.benchmarks.peer.Peer;
import dev.mainloop.benchmarks.peer.TimerLoop;
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
@OperationsPerInvocation(TimerBenchmark.BATCH * TimerBenchmark.BATCHES)
public class TimerBenchmark {

	/** How many timers a handler changes. */
	static final int BATCH = 1000;

	/** How many such handlers are called one after another. */
	static final int BATCHES = 20;

	/**
	 * A time-out that is armed and cancelled, of a length as the others have.
	 * @param armed the loop
	 */
	@Benchmark
	public void armAndCancel(Armed armed) {
		armed.timers.run();
	}

	/**
	 * A time-out that is cancelled and armed anew, any of those that are armed.
	 * @param armed the loop
	 */
	@Benchmark
	public void cancelAndArm(Armed armed) {
		armed.timers.runAtRandom();
	}

	/**
	 * A time-out that is moved later, as by each packet of a connection.
	 * @param kicked the loop
	 */
	@Benchmark
	@OperationsPerInvocation(BATCH)
	public void kick(Kicked kicked) {
		kicked.run(() -> {
			for (int i = 0; i < BATCH; i++) {
				kicked.some().rescheduleAfter(Kicked.HOUR);
			}
		});
	}

	/**
	 * A tick of a periodic timer, with the iteration that it takes.
	 * @param ticking the loop
	 */
	@Benchmark
	@OperationsPerInvocation
	public void tick(Ticking ticking) {
		ticking.tick();
	}

	/** A loop with timers that do not expire. */
	@State(Scope.Benchmark)
	public static class Armed {

		/** Whose it is. */
		@Param("MAINLOOP")
		private Peer peer;

		/** How many timers. */
		@Param({ "1", "1000", "100000" })
		private int count;

		private Timers<?> timers;

		/** Arms them. */
		@Setup(Level.Trial)
		public void arm() {
			this.timers = new Timers<>(this.peer.timerLoop(), this.count);
		}

		/** Closes it. */
		@TearDown(Level.Trial)
		public void close() {
			this.timers.loop.close();
		}

	}

	private static final class Timers<T> {

		private static final int DELAYS = 4096;

		private final SplittableRandom random = new SplittableRandom(1);

		private final Delay[] delays = Delay.beyond(this.random, DELAYS);

		private final TimerLoop<T> loop;

		private final List<T> armed = new ArrayList<>();

		Timers(TimerLoop<T> loop, int count) {
			this.loop = loop;
			loop.run(() -> {
				for (int i = 0; i < count; i++) {
					this.armed.add(loop.arm(someDelay()));
				}
			}, 1);
		}

		private Delay someDelay() {
			return this.delays[this.random.nextInt(DELAYS)];
		}

		void run() {
			this.loop.run(() -> {
				for (int i = 0; i < BATCH; i++) {
					this.loop.cancel(this.loop.arm(someDelay()));
				}
			}, BATCHES);
		}

		void runAtRandom() {
			this.loop.run(() -> {
				for (int i = 0; i < BATCH; i++) {
					int some = this.random.nextInt(this.armed.size());
					this.loop.cancel(this.armed.get(some));
					this.armed.set(some, this.loop.arm(someDelay()));
				}
			}, BATCHES);
		}

	}

	/** A loop with timers that are moved before they expire. */
	@State(Scope.Benchmark)
	public static class Kicked {

		private static final Duration HOUR = Duration.ofHours(1);

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
						.add(this.loop.after("timer", HOUR.plusNanos(this.random.nextLong(1L << 40)), Kicked::expired));
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

		/** Whether the handler asks for the {@link TimerTick}. */
		@Param({ "false", "true" })
		private boolean argument;

		private long now = 1_000_000_000;

		private long ticks;

		private final MainLoop loop = MainLoop.builder().clock(() -> this.now).build();

		/** Arms it. */
		@Setup(Level.Trial)
		public void arm() {
			Duration period = Duration.ofNanos(PERIOD);
			if (this.argument) {
				this.loop.every("ticking", period, period, (timer) -> this.ticks += timer.tick().expirations());
			}
			else {
				this.loop.every("ticking", period, period, (timer) -> this.ticks++);
			}
			this.loop.runOnce();
		}

		void tick() {
			this.now += PERIOD;
			this.loop.runOnce();
		}

		/** Closes it. */
		@TearDown(Level.Trial)
		public void close() {
			this.loop.close();
		}

	}

}

package dev.mainloop.benchmarks;

import java.util.concurrent.TimeUnit;

import dev.mainloop.benchmarks.peer.MainLoopPipes;
import dev.mainloop.benchmarks.peer.PipeLoop;
import dev.mainloop.benchmarks.peer.SelectorPipes;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;

/**
 * Readiness of pipes, as the benchmark of libevent has it: some of many are written to,
 * and each that becomes readable is read and has the next one written to, until there
 * were so many writes. The time is that of a round, so of {@code active + writes} events,
 * with the system calls that make them ready and take what is there.
 */
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class ReadinessBenchmark {

	/**
	 * A round.
	 * @param chain the pipes
	 */
	@Benchmark
	public void round(Chain chain) {
		chain.round();
	}

	/** What watches the pipes. */
	public enum Kind {

		/** Our own loop. */
		MAINLOOP,

		/** {@link java.nio.channels.Selector}. */
		SELECTOR

	}

	/** Pipes, each of which has the next one written to. */
	@State(Scope.Benchmark)
	public static class Chain {

		/** What watches them. */
		@Param("MAINLOOP")
		private Kind kind;

		/** How many pipes. */
		@Param({ "100", "1000" })
		private int count;

		/** How many of them begin. */
		@Param("1")
		private int active;

		/** How many more writes there are. */
		@Param("100")
		private int writes;

		private int writesLeft;

		private int readsLeft;

		private PipeLoop loop;

		/** Opens and watches them. */
		@Setup(Level.Trial)
		public void open() {
			this.loop = switch (this.kind) {
				case MAINLOOP -> new MainLoopPipes(this.count, this::read);
				case SELECTOR -> new SelectorPipes(this.count, this::read);
			};
		}

		private void read(int pipe) {
			this.readsLeft--;
			if (this.writesLeft > 0) {
				this.writesLeft--;
				int next = pipe + 1;
				this.loop.write((next < this.count) ? next : 0);
			}
		}

		void round() {
			int step = this.count / this.active;
			this.writesLeft = this.writes;
			this.readsLeft = this.active + this.writes;
			for (int i = 0; i < this.active; i++) {
				this.loop.write(i * step);
			}
			while (this.readsLeft > 0) {
				this.loop.runOnce();
			}
		}

		/** Closes all. */
		@TearDown(Level.Trial)
		public void close() {
			this.loop.close();
		}

	}

}

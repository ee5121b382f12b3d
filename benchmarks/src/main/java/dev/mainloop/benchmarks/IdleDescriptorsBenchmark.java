package dev.mainloop.benchmarks;

import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

import dev.mainloop.MainLoop;
import dev.mainloop.fd.EventFd;
import dev.mainloop.multiplexer.MultiplexerKind;
import dev.mainloop.multiplexer.Readiness;
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
 * One file descriptor that becomes ready among many that do not.
 */
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class IdleDescriptorsBenchmark {

	/**
	 * Makes it ready, and runs the iteration that handles it.
	 * @param watched the loop
	 */
	@Benchmark
	public void event(Watched watched) {
		watched.event();
	}

	/** A loop that watches file descriptors. */
	@State(Scope.Benchmark)
	public static class Watched {

		/** What the loop waits with. */
		@Param("EPOLL")
		private MultiplexerKind multiplexer;

		/** How many descriptors are idle. */
		@Param({ "10", "1000" })
		private int count;

		private boolean handled;

		private MainLoop loop;

		private EventFd[] idle;

		private final EventFd active = EventFd.open(0);

		/** Opens and watches them. */
		@Setup(Level.Trial)
		public void watch() {
			this.loop = MainLoop.builder().multiplexer(this.multiplexer).build();
			this.idle = Stream.generate(() -> EventFd.open(0)).limit(this.count).toArray(EventFd[]::new);
			for (EventFd descriptor : this.idle) {
				this.loop.watch("idle", descriptor, Readiness.READABLE, (fd, readiness) -> descriptor.take());
			}
			this.loop.watch("active", this.active, Readiness.READABLE, (fd, readiness) -> {
				this.active.take();
				this.handled = true;
			});
		}

		void event() {
			this.handled = false;
			this.active.add(1);
			while (!this.handled) {
				this.loop.runOnce();
			}
		}

		/** Closes all. */
		@TearDown(Level.Trial)
		public void close() {
			this.loop.close();
			this.active.close();
			for (EventFd descriptor : this.idle) {
				descriptor.close();
			}
		}

	}

}

package dev.mainloop.benchmarks;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

import dev.mainloop.MainLoop;
import dev.mainloop.fd.EventFd;
import dev.mainloop.multiplexer.Readiness;
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
 * Readiness of file descriptors, some of many, with the system calls that make them ready
 * and take what is there.
 */
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class ReadinessBenchmark {

	private static final int ACTIVE = 100;

	/**
	 * Makes some descriptors ready, and runs the iterations that handle them.
	 * @param watched the loop
	 */
	@Benchmark
	@OperationsPerInvocation(ACTIVE)
	public void readable(Watched watched) {
		watched.handled = 0;
		int step = watched.count / ACTIVE;
		for (int i = 0; i < ACTIVE; i++) {
			watched.descriptors.get(i * step).add(1);
		}
		while (watched.handled < ACTIVE) {
			watched.loop.runOnce();
		}
	}

	/** A loop that watches file descriptors. */
	@State(Scope.Benchmark)
	public static class Watched {

		/** How many descriptors. */
		@Param({ "100", "1000" })
		private int count;

		private int handled;

		private final MainLoop loop = MainLoop.builder().build();

		private final List<EventFd> descriptors = new ArrayList<>();

		/** Opens and watches them. */
		@Setup(Level.Trial)
		public void watch() {
			for (int i = 0; i < this.count; i++) {
				EventFd descriptor = EventFd.open(0);
				this.descriptors.add(descriptor);
				this.loop.watch("descriptor", descriptor, Readiness.READABLE, (fd, readiness) -> {
					descriptor.take();
					this.handled++;
				});
			}
		}

		/** Closes all. */
		@TearDown(Level.Trial)
		public void close() {
			this.loop.close();
			this.descriptors.forEach(EventFd::close);
		}

	}

}

package dev.mainloop.benchmarks.program;

import java.lang.management.ManagementFactory;
import java.time.Duration;

import com.sun.management.ThreadMXBean;
import dev.mainloop.EventQueue;
import dev.mainloop.MainLoop;
import dev.mainloop.TimerTick;
import dev.mainloop.fd.EventFd;
import dev.mainloop.fd.Signal;
import dev.mainloop.multiplexer.Readiness;
import org.jspecify.annotations.Nullable;

/**
 * Measures how many bytes the thread that runs our own loop allocates for an event that
 * it also causes: {@code Allocation KIND COUNT}.
 */
public final class Allocation {

	private static final int TIMES = 4;

	private static final long PERIOD = 1000;

	private final MainLoop loop = MainLoop.builder().clock(() -> this.now).build();

	private long now = 1_000_000_000;

	private long handled;

	/** Keeps the compiler from doing without the object. */
	private volatile @Nullable TimerTick tick;

	/** Kinds of events. */
	private enum Kind {

		MESSAGE {

			@Override
			Runnable cause(Allocation allocation) {
				EventQueue<Integer> queue = allocation.loop.queue("queue", 1024,
						(message) -> allocation.handled += message);
				return () -> queue.send(1);
			}

		},

		TICK {

			@Override
			Runnable cause(Allocation allocation) {
				Duration period = Duration.ofNanos(PERIOD);
				allocation.loop.every("ticking", period, period, (timer) -> allocation.handled++);
				return allocation::passTime;
			}

		},

		TICK_WITH_ARGUMENT {

			@Override
			Runnable cause(Allocation allocation) {
				Duration period = Duration.ofNanos(PERIOD);
				allocation.loop.every("ticking", period, period, (timer) -> allocation.handle(timer.tick()));
				return allocation::passTime;
			}

		},

		READINESS {

			@Override
			Runnable cause(Allocation allocation) {
				EventFd eventFd = EventFd.open(0);
				allocation.loop.watch("eventfd", eventFd, Readiness.READABLE,
						(fd, readiness) -> allocation.handled += eventFd.take());
				return () -> eventFd.add(1);
			}

		},

		SIGNAL {

			@Override
			Runnable cause(Allocation allocation) {
				allocation.loop.onSignal("signal", Signal.of("WINCH"), (signal) -> allocation.handled++);
				sun.misc.Signal signal = new sun.misc.Signal("WINCH");
				return () -> sun.misc.Signal.raise(signal);
			}

		};

		abstract Runnable cause(Allocation allocation);

	}

	private void handle(TimerTick tick) {
		this.tick = tick;
		this.handled++;
	}

	private void passTime() {
		this.now += PERIOD;
	}

	/** The least of some times, as the JVM allocates something itself now and then. */
	private double measure(Runnable cause, int count) {
		ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
		long least = Long.MAX_VALUE;
		for (int i = 0; i < TIMES; i++) {
			long before = threads.getCurrentThreadAllocatedBytes();
			repeat(cause, count);
			least = Math.min(least, threads.getCurrentThreadAllocatedBytes() - before);
		}
		return (double) least / count;
	}

	private void repeat(Runnable cause, int count) {
		for (int i = 0; i < count; i++) {
			long before = this.handled;
			cause.run();
			while (this.handled == before) {
				this.loop.runOnce();
			}
		}
	}

	/**
	 * Measures.
	 * @param args the name of a kind of event, and how many
	 */
	public static void main(String[] args) {
		Allocation allocation = new Allocation();
		Runnable cause = Kind.valueOf(args[0]).cause(allocation);
		Output.number("bytes", allocation.measure(cause, Integer.parseInt(args[1])));
		allocation.loop.close();
	}

}

package dev.mainloop.benchmarks.program;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;

import dev.mainloop.benchmarks.peer.Delay;
import dev.mainloop.benchmarks.peer.Peer;
import dev.mainloop.benchmarks.peer.TimerLoop;

/**
 * Measures how many bytes of the heap an armed timer takes: {@code TimerHeap PEER COUNT}.
 */
public final class TimerHeap {

	private static final int BATCH = 1000;

	private TimerHeap() {
	}

	private static <T> long bytes(TimerLoop<T> loop, int count) {
		Delay[] delays = Delay.beyond(new SplittableRandom(1), BATCH);
		List<T> timers = new ArrayList<>(count);
		loop.run(() -> loop.cancel(loop.arm(Delay.HOUR)), 1);
		long before = used();
		loop.run(() -> {
			for (Delay delay : delays) {
				timers.add(loop.arm(delay));
			}
		}, count / BATCH);
		return used() - before;
	}

	private static long used() {
		Runtime runtime = Runtime.getRuntime();
		System.gc();
		System.gc();
		return runtime.totalMemory() - runtime.freeMemory();
	}

	/**
	 * Measures.
	 * @param args the name of a {@link Peer}, and how many timers
	 */
	public static void main(String[] args) {
		int count = Integer.parseInt(args[1]);
		try (TimerLoop<?> loop = Peer.valueOf(args[0]).timerLoop()) {
			Output.number("bytes", (double) bytes(loop, count) / count);
		}
	}

}

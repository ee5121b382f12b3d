package dev.mainloop.fd;

import java.io.PrintStream;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

import dev.mainloop.kernel.DirectMemory;
import dev.mainloop.kernel.ProcessFiles;
import dev.mainloop.multiplexer.EpollMultiplexer;

/**
 * A program of its own for {@link OutOfMemoryTests}: it opens what it can without direct
 * memory.
 */
public final class OutOfMemoryProgram {

	private static final int TIMES = 10;

	private static final List<Callable<AutoCloseable>> OPENINGS = List.of(() -> EventFd.open(0),
			() -> EventFd.openSemaphore(0), () -> TimerFd.open(ClockId.MONOTONIC),
			() -> SignalFd.open(List.of(Signal.of("USR1"))), EpollMultiplexer::open);

	private OutOfMemoryProgram() {
	}

	/**
	 * Says how often it was out of memory, and what is open before and after.
	 * @param args how much direct memory it has, in bytes
	 * @throws Exception if it fails otherwise
	 */
	public static void main(String[] args) throws Exception {
		PrintStream out = System.out;
		for (Callable<AutoCloseable> opening : OPENINGS) {
			opening.call().close();
		}
		DirectMemory.useUp(Long.parseLong(args[0]));
		List<String> before = ProcessFiles.anonymous();
		int failures = 0;
		// At the same time, as the JVM takes half a second until it says no.
		ExecutorService executor = Executors.newFixedThreadPool(OPENINGS.size() * TIMES);
		List<Future<Boolean>> attempts = new ArrayList<>();
		for (int i = 0; i < TIMES; i++) {
			OPENINGS.forEach((opening) -> attempts.add(executor.submit(() -> isOutOfMemory(opening))));
		}
		for (Future<Boolean> attempt : attempts) {
			failures += attempt.get() ? 1 : 0;
		}
		executor.shutdown();
		out.println("out of memory " + failures + " times");
		out.println(before);
		out.println(ProcessFiles.anonymous());
	}

	private static boolean isOutOfMemory(Callable<AutoCloseable> opening) throws Exception {
		try {
			opening.call();
			return false;
		}
		catch (OutOfMemoryError ex) {
			return true;
		}
	}

}

package dev.mainloop.handler;

import java.util.Arrays;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

import dev.mainloop.MainLoop;

/**
 * The end of the process by a handler that has called {@link System#exit}. That returns
 * never, and waits for the shutdown hooks, of which one ends the application context, so
 * that whoever waits there for the handler would wait for itself.
 */
final class HandlerExit {

	private static final long LOOK_MILLIS = 50;

	/** How often to look before a signal is to end the process at once. */
	private static final int PATIENCE = 10;

	private final MainLoop loop;

	HandlerExit(MainLoop loop) {
		this.loop = loop;
	}

	/**
	 * Tells whether a handler ends the process.
	 * @return {@code true} if the loop's thread is in {@link Runtime#exit}
	 */
	boolean hasBegun() {
		Thread thread = this.loop.thread();
		return thread != null && Arrays.stream(thread.getStackTrace()).anyMatch(HandlerExit::isExit);
	}

	private static boolean isExit(StackTraceElement frame) {
		return frame.getClassName().equals(Runtime.class.getName()) && frame.getMethodName().equals("exit");
	}

	/**
	 * Looks out for a handler that ends the process, as long as the stop of the loop is
	 * waited for. If another ends it and that takes long, a signal ends it at once.
	 * @param stop ends the watch
	 * @param timeoutMillis how long to watch at most
	 * @param begun called by some thread once a handler has begun to end the process
	 * @param timedOut called by another when the time is over
	 */
	void watch(CompletableFuture<?> stop, long timeoutMillis, Runnable begun, Runnable timedOut) {
		if (stop.isDone()) {
			return;
		}
		if (hasBegun()) {
			begun.run();
			return;
		}
		long start = System.nanoTime();
		Thread watch = new Thread(() -> {
			long left = timeoutMillis;
			for (int looks = 1; !isDoneWithin(Math.min(left, LOOK_MILLIS), stop); looks++) {
				left = timeoutMillis - TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - start);
				if (hasBegun()) {
					begun.run();
				}
				else if (left <= 0) {
					timedOut.run();
					return;
				}
				else if (looks == PATIENCE && isProcessEnding()) {
					this.loop.haltBySignals();
				}
			}
		}, "mainloop-stop");
		watch.setDaemon(true);
		watch.start();
	}

	/**
	 * Waits for a stop, on the calling thread alone.
	 * @param millis how long at most
	 * @param stop the stop
	 * @return {@code false} if the time is over before
	 */
	static boolean isDoneWithin(long millis, CompletableFuture<?> stop) {
		try {
			stop.get(millis, TimeUnit.MILLISECONDS);
			return true;
		}
		catch (TimeoutException ex) {
			return false;
		}
		catch (ExecutionException ex) {
			return true;
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
			return true;
		}
	}

	/** Asks the JVM by a call that it refuses then, and that does nothing before. */
	private static boolean isProcessEnding() {
		try {
			Runtime.getRuntime().removeShutdownHook(new Thread("never registered"));
			return false;
		}
		catch (IllegalStateException ex) {
			return true;
		}
	}

}

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
	 * @param action called by some thread once a handler has begun to end the process
	 */
	void watch(CompletableFuture<?> stop, Runnable action) {
		if (stop.isDone()) {
			return;
		}
		if (hasBegun()) {
			action.run();
			return;
		}
		Thread watch = new Thread(() -> {
			for (int looks = 1; !isDoneSoon(stop); looks++) {
				if (hasBegun()) {
					action.run();
				}
				else if (looks == PATIENCE && isProcessEnding()) {
					this.loop.haltBySignals();
				}
			}
		}, "mainloop-stop");
		watch.setDaemon(true);
		watch.start();
	}

	private static boolean isDoneSoon(CompletableFuture<?> stop) {
		try {
			stop.get(LOOK_MILLIS, TimeUnit.MILLISECONDS);
			return true;
		}
		catch (TimeoutException ex) {
			return false;
		}
		catch (ExecutionException | InterruptedException ex) {
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

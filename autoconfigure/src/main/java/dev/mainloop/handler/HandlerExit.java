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
	 * waited for.
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
			while (!isDoneSoon(stop)) {
				if (hasBegun()) {
					action.run();
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

}

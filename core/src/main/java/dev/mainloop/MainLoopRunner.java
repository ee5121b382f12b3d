package dev.mainloop;

import java.util.concurrent.CompletableFuture;

/**
 * Runs a {@link MainLoop}: {@link MainLoopThread} on a thread of its own,
 * {@link MainLoopInvoker} by hand. May be used by any thread.
 */
public interface MainLoopRunner {

	/**
	 * Starts the loop. From now on it takes messages and can be stopped.
	 * @throws UnusableCpusException if the process may not use all CPUs that the loop is
	 * to run on
	 * @throws IllegalStateException if it runs already or is closed
	 */
	void start();

	/**
	 * Tells the loop to stop, see {@link MainLoop#stop()}, unless it was told already.
	 * @return completes when the loop has been left, or was started again before it was
	 */
	CompletableFuture<Void> stop();

	/**
	 * Tells whether the loop runs.
	 * @return {@code true} from {@link #start()} until the loop has been left
	 */
	boolean isRunning();

}

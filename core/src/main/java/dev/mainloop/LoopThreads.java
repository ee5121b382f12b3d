package dev.mainloop;

import org.jspecify.annotations.Nullable;

/**
 * Knows which threads run a loop, whichever it is: they must not wait for one. A thread
 * that drives another loop by hand in a handler runs two, and goes on to run the first.
 */
final class LoopThreads {

	private static final ThreadLocal<@Nullable Boolean> RUNNING = new ThreadLocal<>();

	private LoopThreads() {
	}

	/** Whether the calling thread runs a loop. */
	static boolean isCaller() {
		return RUNNING.get() != null;
	}

	/**
	 * Notes that the calling thread runs a loop from now on.
	 * @return what {@link #leave} is to be given
	 */
	static @Nullable Boolean enter() {
		Boolean before = RUNNING.get();
		RUNNING.set(Boolean.TRUE);
		return before;
	}

	/** Ends what {@link #enter()} began, which takes no memory. */
	static void leave(@Nullable Boolean before) {
		RUNNING.set(before);
	}

}

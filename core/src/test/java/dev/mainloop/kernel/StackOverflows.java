package dev.mainloop.kernel;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/**
 * Lets the stack of a thread overflow at every place of an operation.
 */
public final class StackOverflows {

	private static final long STACK = 512 * 1024;

	private static final int ROUNDS = 4;

	private static final int MOST_ROUNDS = 100;

	private static final int ENOUGH = 100;

	private static final int DEPTHS = 800;

	private static final int DEPTHS_ONE_BY_ONE = 30;

	private static final int STEP = 16;

	private static final int TIMEOUT_SECONDS = 60;

	private final Runnable operation;

	/** How many frames are back from the deepest. */
	private int depth;

	private int overflows;

	private StackOverflows(Runnable operation) {
		this.operation = operation;
	}

	/**
	 * Runs an operation where nothing is left of the stack, and then at depths where a
	 * little more is.
	 * @param operation the operation, which may throw a {@link StackOverflowError} and
	 * nothing else
	 * @return how often it has thrown that
	 * @throws Exception if it has thrown something else
	 */
	public static int of(Runnable operation) throws Exception {
		return of(operation, ROUNDS);
	}

	/**
	 * Runs an operation where nothing is left of the stack, and then at depths where a
	 * little more is.
	 * @param operation the operation, which may throw a {@link StackOverflowError} and
	 * nothing else
	 * @param rounds how often, each time with other remainders of the stack
	 * @return how often it has thrown that
	 * @throws Exception if it has thrown something else
	 */
	public static int of(Runnable operation, int rounds) throws Exception {
		operation.run();
		CompletableFuture<Integer> result = new CompletableFuture<>();
		new Thread(null, () -> {
			try {
				StackOverflows overflows = new StackOverflows(operation);
				for (int i = 0; i < rounds || (overflows.overflows < ENOUGH && i < MOST_ROUNDS); i++) {
					overflows.depth = 0;
					overflows.descendFrom(i, i);
				}
				result.complete(overflows.overflows);
			}
			catch (Throwable ex) {
				result.completeExceptionally(ex);
			}
		}, "overflows", STACK).start();
		return result.get(TIMEOUT_SECONDS, TimeUnit.SECONDS);
	}

	/** Descends from a place that is not a multiple of the later steps away. */
	private void descendFrom(int steps, long unused) {
		if (steps > 0) {
			descendFrom(steps - 1, unused);
		}
		else {
			descend();
		}
	}

	private void descend() {
		try {
			descend();
		}
		catch (StackOverflowError ex) {
			// This is how deep it goes.
		}
		this.depth++;
		if (this.depth < DEPTHS_ONE_BY_ONE || (this.depth < DEPTHS && this.depth % STEP == 0)) {
			try {
				this.operation.run();
			}
			catch (StackOverflowError ex) {
				this.overflows++;
			}
		}
	}

}

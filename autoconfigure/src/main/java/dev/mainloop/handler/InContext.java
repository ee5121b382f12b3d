package dev.mainloop.handler;

import org.jspecify.annotations.Nullable;

/**
 * Does something in the context of a sender.
 */
final class InContext {

	private InContext() {
	}

	/**
	 * Does something on the calling thread, which has its own context again after that.
	 * @param <X> what it may throw
	 * @param context the context, {@code null} for the thread's own
	 * @param action what to do
	 * @throws X if it fails so
	 */
	static <X extends Exception> void run(SenderContext.@Nullable Snapshot context, Action<X> action) throws X {
		if (context == null) {
			action.run();
			return;
		}
		SenderContext.Scope scope = context.open();
		try {
			action.run();
		}
		finally {
			scope.close();
		}
	}

	/**
	 * Something to do.
	 *
	 * @param <X> what it may throw
	 */
	@FunctionalInterface
	interface Action<X extends Exception> {

		void run() throws X;

	}

}

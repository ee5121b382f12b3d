package dev.mainloop;

import org.jspecify.annotations.Nullable;

/**
 * What belongs to a thread, such as its trace or its logging context, and goes with the
 * work that the thread offloads from a {@link MainLoop}: to the worker, and back to the
 * loop with the result. It does not change, and may be opened again and again, by several
 * threads at once.
 *
 * @see MainLoopBuilder#threadContext
 */
@FunctionalInterface
public interface ThreadContext {

	/**
	 * Makes it the context of the calling thread, which may be any. The thread that it
	 * was captured from may have gone on meanwhile, or ended.
	 * @return closed by the same thread after that
	 */
	Scope open();

	/**
	 * Opens a context if there is one.
	 * @param context the context, {@code null} for none
	 * @return closed by the same thread after that, {@code null} if there is none
	 */
	static @Nullable Scope openIfAny(@Nullable ThreadContext context) {
		return (context != null) ? context.open() : null;
	}

	/**
	 * The time for which a context is that of a thread.
	 */
	@FunctionalInterface
	interface Scope extends AutoCloseable {

		/**
		 * Gives the thread the context back that it had before.
		 */
		@Override
		void close();

	}

}

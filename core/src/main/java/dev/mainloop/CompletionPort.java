package dev.mainloop;

import java.util.function.Consumer;

import dev.mainloop.fd.EventFd;
import org.jspecify.annotations.Nullable;

/**
 * What carries out operations for a {@link MainLoop}, such as the kernel by a ring that
 * it shares with the process, or a pool of threads. Its {@link CompletionSource} calls
 * all methods, on the thread that runs the loop, or while none does on one that holds the
 * lock of the loop. What they throw ends the loop as failed. One whose operations are all
 * completed by other threads needs none of the methods that have a default.
 */
public interface CompletionPort extends AutoCloseable {

	/**
	 * Called once, before all others.
	 * @param completed takes what other threads have completed, from any of them, and has
	 * the loop come to it
	 * @param wakeUp wakes the loop by being added to; it stays the loop's to read and
	 * close
	 */
	void open(Consumer<Completion> completed, EventFd wakeUp);

	/**
	 * Hands over the operations that handlers have begun since it was called last. The
	 * loop calls it once in an iteration, before it waits.
	 */
	default void submit() {
	}

	/**
	 * Tells whether {@link #next()} has something to give.
	 * @return {@code true} if it has
	 */
	default boolean hasCompletion() {
		return false;
	}

	/**
	 * Takes an operation that has ended.
	 * @return the operation, or {@code null} if there is none, or none but those that
	 * other threads have completed
	 */
	default @Nullable Completion next() {
		return null;
	}

	/**
	 * Tells whether an operation was begun and has not ended yet.
	 * @return {@code true} if there is one
	 */
	boolean isPending();

	/**
	 * Waits for an operation to end, as the loop is stopping and has nothing else to do.
	 * Called only while one {@linkplain #isPending() is pending}; may return early, and
	 * does so after some time.
	 * @return {@code false} if it has not waited, as other threads complete what is
	 * pending, for which the loop waits itself
	 */
	default boolean await() {
		return false;
	}

	/**
	 * Gives up what it holds, once nothing uses it any more: no operation that writes to
	 * memory of the process, say.
	 */
	@Override
	void close();

}

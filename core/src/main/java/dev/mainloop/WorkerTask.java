package dev.mainloop;

import org.jspecify.annotations.Nullable;

/**
 * Something that a worker does for a {@link MainLoop}, and that ends as an event of the
 * loop.
 */
public interface WorkerTask {

	/**
	 * Does it, on a thread that may block. The thread is interrupted when the result is
	 * not wanted any more, as the loop is closed.
	 * @throws Exception what {@link #ended} is told
	 */
	void run() throws Exception;

	/**
	 * Called on the loop's thread once it has ended, as a handler is.
	 * @param failure what it has thrown, or what kept it from being begun; {@code null}
	 * if it has returned
	 * @throws Exception what the error handler of the loop is to be told
	 */
	void ended(@Nullable Throwable failure) throws Exception;

	/**
	 * Called in the place of {@link #ended} if the loop is closed before it has ended, by
	 * the thread that closes the loop. It may still be running.
	 */
	default void abandoned() {
	}

}

package dev.mainloop;

/**
 * An operation that runs apart from a {@link MainLoop} and ends as an event of its
 * {@link CompletionSource}. It may be used again once {@link #completed()} was called.
 */
public abstract class Completion extends Link {

	/**
	 * Creates a completion.
	 */
	protected Completion() {
	}

	/**
	 * Called on the loop's thread when the operation has ended, as a handler is.
	 * @throws Exception what the error handler of the loop is to be told
	 */
	protected abstract void completed() throws Exception;

}

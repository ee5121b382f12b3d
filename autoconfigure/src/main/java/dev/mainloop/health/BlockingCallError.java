package dev.mainloop.health;

/**
 * Thrown to a handler in place of a call that would block its loop, while a
 * {@link BlockingCallGuard} guards that. It is an error, so that no handler takes it for
 * the failure of what it has called.
 */
public class BlockingCallError extends Error {

	private static final long serialVersionUID = 1;

	private final String handler;

	private final String call;

	/**
	 * Creates an error.
	 * @param handler bean and method of the handler, or the description of its event
	 * source
	 * @param call class and method of the call that blocks, such as
	 * {@code java.util.concurrent.CountDownLatch.await}
	 */
	BlockingCallError(String handler, String call) {
		super("The handler '%s' calls %s, which would block its loop".formatted(handler, call));
		this.handler = handler;
		this.call = call;
	}

	/**
	 * Returns which handler has made the call.
	 * @return bean and method, or the description of its event source if it is no method
	 * of a bean
	 */
	public String handler() {
		return this.handler;
	}

	/**
	 * Returns the call that would have blocked.
	 * @return class and method, such as {@code java.util.concurrent.CountDownLatch.await}
	 */
	public String call() {
		return this.call;
	}

}

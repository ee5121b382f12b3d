package dev.mainloop;

/**
 * Handles the messages of an {@link EventQueue}, on the loop's thread.
 *
 * @param <T> the type of the messages
 */
@FunctionalInterface
public interface MessageHandler<T> {

	/**
	 * Called with each message, in the order of the queue. It must not block.
	 * @param message the message
	 * @throws Exception if it fails, which the loop's {@link ErrorHandler} is told
	 */
	void handle(T message) throws Exception;

	/**
	 * Called instead of {@link #handle} with each message whose times are measured, see
	 * {@link SourceStatistics}: most messages are not, and are kept from what is done to
	 * measure more. It handles the message as all others are. Unless it is overridden it
	 * calls {@code handle}.
	 * @param message the message
	 * @throws Exception if it fails, which the loop's {@link ErrorHandler} is told
	 */
	default void handleMeasured(T message) throws Exception {
		handle(message);
	}

}

package dev.mainloop.handler;

import org.jspecify.annotations.Nullable;

/**
 * Takes what belongs to the sender of a message, such as its trace, to the handlers of
 * the message. A bean of this type is asked about each message that is sent.
 */
public interface SenderContext {

	/**
	 * Tells whether nobody has anything to be carried, ever. Asked once, when all
	 * singletons are made.
	 * @return {@code true} if no message is to be asked about
	 */
	boolean isNoop();

	/**
	 * Captures the context of the calling thread, which may be any and is about to send.
	 * @return what goes with the message, {@code null} for nothing
	 */
	@Nullable Snapshot capture();

	/**
	 * The context of a sender.
	 */
	@FunctionalInterface
	interface Snapshot {

		/**
		 * Makes it the context of the calling thread, the loop's, for the handlers of a
		 * message. The sender may have gone on meanwhile, or ended.
		 * @return closed by the same thread after that
		 */
		Scope open();

	}

	/**
	 * The time for which a context is that of a thread.
	 */
	@FunctionalInterface
	interface Scope {

		/**
		 * Gives the thread the context back that it had before.
		 */
		void close();

	}

}

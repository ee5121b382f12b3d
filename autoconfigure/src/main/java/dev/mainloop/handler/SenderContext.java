package dev.mainloop.handler;

import dev.mainloop.ThreadContext;
import org.jspecify.annotations.Nullable;

/**
 * Takes what belongs to the sender of a message, such as its trace, to the handlers of
 * the message. The beans of this type are asked about each message that is sent, in their
 * order: the context of the first is opened first and closed last.
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
	 * What it throws, the sender gets.
	 * @return what goes with the message, {@code null} for nothing
	 */
	@Nullable Snapshot capture();

	/**
	 * The context of a sender. It does not change, and may be opened as often as there
	 * are handlers, by several threads at once.
	 */
	@FunctionalInterface
	interface Snapshot extends ThreadContext {

		/**
		 * Adds the context of another kind.
		 * @param inner opened after this and closed before it
		 * @return both: what one of them throws keeps neither from being closed
		 */
		default Snapshot and(Snapshot inner) {
			return () -> {
				Scope first = open();
				try {
					Scope second = inner.open();
					return () -> {
						try (first; second) {
							// The second is closed before the first.
						}
					};
				}
				catch (Throwable ex) {
					try (first) {
						throw ex;
					}
				}
			};
		}

	}

}

package dev.mainloop.handler;

import org.jspecify.annotations.Nullable;

/**
 * Puts messages into the form in which queues carry them: a message that has all that is
 * needed to handle it stays as it is. May be used by any thread.
 */
final class OutgoingMessages {

	private volatile @Nullable SenderContext context;

	/**
	 * Sets what takes the context of senders to handlers, unless it never takes any.
	 * @param context the context
	 */
	void carry(SenderContext context) {
		this.context = context.isNoop() ? null : context;
	}

	/** Captures the context of the calling thread, {@code null} if it has none. */
	SenderContext.@Nullable Snapshot capture() {
		SenderContext known = this.context;
		return (known != null) ? known.capture() : null;
	}

	/**
	 * Makes a message ready for a queue.
	 * @param message the message
	 * @param route where it goes, {@code null} if its class tells
	 * @return the message itself, or a {@link SentMessage}
	 */
	Object of(Object message, @Nullable MessageRoute route) {
		SenderContext.Snapshot sender = capture();
		return (route != null || sender != null) ? new SentMessage(message, route, sender) : message;
	}

}

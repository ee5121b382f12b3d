package dev.mainloop.handler;

import java.util.List;

import org.jspecify.annotations.Nullable;

/**
 * Puts messages into the form in which queues carry them: a message that has all that is
 * needed to handle it stays as it is. May be used by any thread.
 */
final class OutgoingMessages {

	private volatile @Nullable SenderContext context;

	/**
	 * Sets what takes the contexts of senders to handlers.
	 * @param contexts the contexts in their order; those that never carry anything are
	 * left out
	 */
	void carry(List<SenderContext> contexts) {
		this.context = SenderContexts.of(contexts);
	}

	/**
	 * Captures the context of the calling thread, to be opened by who goes on with its
	 * work.
	 * @return the context, {@code null} if nothing is carried
	 */
	SenderContext.@Nullable Snapshot capture() {
		SenderContext known = this.context;
		return (known != null) ? known.capture() : null;
	}

	/**
	 * Makes a message ready for a queue.
	 * @param message the message
	 * @param route where it goes, {@code null} if its class tells
	 * @param request what is to be replied to with it, {@code null} for nothing
	 * @return the message itself, or a {@link SentMessage}
	 */
	Object of(Object message, @Nullable MessageRoute route, @Nullable Request<?> request) {
		SenderContext.Snapshot sender = capture();
		return (route != null || sender != null || request != null) ? new SentMessage(message, route, sender, request)
				: message;
	}

}

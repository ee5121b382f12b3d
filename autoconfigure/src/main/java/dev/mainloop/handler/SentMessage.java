package dev.mainloop.handler;

import java.util.Objects;

import dev.mainloop.HandlerFailedException;
import dev.mainloop.MessageHandler;
import dev.mainloop.ThreadContext;
import org.jspecify.annotations.Nullable;

/**
 * A message with what it does not tell itself, as a queue carries it.
 *
 * @param message the message
 * @param route where it goes, if its class does not tell that apart from other messages
 * of the queue, as those of generic types do not
 * @param sender what its sender had as its context, if it had one
 * @param request what is to be replied to, if it is to be
 */
record SentMessage(Object message, @Nullable MessageRoute route, SenderContext.@Nullable Snapshot sender,
		@Nullable Request<?> request) {

	SentMessage {
		Objects.requireNonNull(message);
	}

	/**
	 * Has the message handled in the context of its sender, on the loop's thread.
	 * @param queue what log lines call the queue
	 * @param handler handles it, unless it has a route of its own
	 * @throws HandlerFailedException if that fails, with the message itself as the event
	 */
	void handle(String queue, MessageHandler<Object> handler) throws HandlerFailedException {
		handleBy(receiver(handler), queue);
	}

	/**
	 * Has the message handled in the context of its sender, on the loop's thread, as one
	 * that is measured.
	 * @param queue what log lines call the queue
	 * @param handler handles it, unless it has a route of its own
	 * @throws HandlerFailedException if that fails, with the message itself as the event
	 */
	void handleMeasured(String queue, MessageHandler<Object> handler) throws HandlerFailedException {
		handleBy(receiver(handler)::handleMeasured, queue);
	}

	private MessageHandler<Object> receiver(MessageHandler<Object> handler) {
		return (this.route != null) ? this.route : handler;
	}

	private void handleBy(MessageHandler<Object> receiver, String queue) throws HandlerFailedException {
		if (this.request != null) {
			this.request.begin();
		}
		try {
			handle(receiver);
		}
		catch (HandlerFailedException ex) {
			throw ex;
		}
		catch (Exception | Error ex) {
			throw new HandlerFailedException(queue, this.message, ex);
		}
		finally {
			if (this.request != null) {
				this.request.handled();
			}
		}
	}

	private void handle(MessageHandler<Object> handler) throws Exception {
		ThreadContext.Scope scope = ThreadContext.openIfAny(this.sender);
		try (scope) {
			handler.handle(this.message);
		}
	}

	@Override
	public String toString() {
		return this.message.toString();
	}

}

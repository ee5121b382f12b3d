package dev.mainloop.handler;

import java.util.List;

import dev.mainloop.HandlerFailedException;
import dev.mainloop.MessageHandler;

/**
 * Those that handle one message: each is called in turn, whatever another throws.
 *
 * @param <T> the type of the message
 */
final class MessageHandlers<T> implements MessageHandler<T> {

	private final MessageHandler<? super T>[] handlers;

	/**
	 * Creates them.
	 * @param handlers the handlers, in their order
	 */
	@SuppressWarnings("unchecked")
	MessageHandlers(List<? extends MessageHandler<? super T>> handlers) {
		this.handlers = handlers.toArray(MessageHandler[]::new);
	}

	boolean isEmpty() {
		return this.handlers.length == 0;
	}

	@Override
	public void handle(T message) throws HandlerFailedException {
		handle(message, false);
	}

	@Override
	public void handleMeasured(T message) throws HandlerFailedException {
		handle(message, true);
	}

	private void handle(T message, boolean measured) throws HandlerFailedException {
		HandlerFailedException failure = null;
		for (MessageHandler<? super T> handler : this.handlers) {
			try {
				if (measured) {
					handler.handleMeasured(message);
				}
				else {
					handler.handle(message);
				}
			}
			catch (Exception | Error ex) {
				if (failure == null) {
					failure = new HandlerFailedException(handler.toString(), message, ex);
				}
				else if (failure.error() != ex) {
					failure.error().addSuppressed(ex);
				}
			}
		}
		if (failure != null) {
			throw failure;
		}
	}

}

package dev.mainloop.handler;

import java.util.List;

import dev.mainloop.HandlerFailedException;
import dev.mainloop.MessageHandler;

/**
 * Those that handle one message: each is called in turn, whatever another throws.
 *
 * @param <T> the type of the message
 * @param list the handlers, in their order
 */
record MessageHandlers<T>(List<? extends MessageHandler<? super T>> list) implements MessageHandler<T> {

	boolean isEmpty() {
		return this.list.isEmpty();
	}

	@Override
	public void handle(T message) throws HandlerFailedException {
		HandlerFailedException failure = null;
		for (int i = 0; i < this.list.size(); i++) {
			MessageHandler<? super T> handler = this.list.get(i);
			try {
				handler.handle(message);
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

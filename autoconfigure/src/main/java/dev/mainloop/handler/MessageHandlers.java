package dev.mainloop.handler;

import java.util.List;

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
	public void handle(T message) throws Exception {
		Exception failure = null;
		for (int i = 0; i < this.list.size(); i++) {
			try {
				this.list.get(i).handle(message);
			}
			catch (Exception ex) {
				if (failure == null) {
					failure = ex;
				}
				else {
					failure.addSuppressed(ex);
				}
			}
		}
		if (failure != null) {
			throw failure;
		}
	}

}

package dev.mainloop.handler;

import org.jspecify.annotations.Nullable;

/**
 * Has the values of publishers that a method returns sent on as they come.
 */
final class LaterMessages implements Result, Results {

	private final LaterType type;

	private final PendingResults pending;

	private final ReturnedMessages messages;

	/**
	 * Creates a result.
	 * @param type the type of what is returned, which may have several values
	 * @param pending has what is not there yet
	 * @param messages sends the values on
	 */
	LaterMessages(LaterType type, PendingResults pending, ReturnedMessages messages) {
		this.type = type;
		this.pending = pending;
		this.messages = messages;
	}

	@Override
	public Result next() {
		return this;
	}

	@Override
	public void returned(Object event, @Nullable Object value) throws Exception {
		if (value != null) {
			this.type.values(value, event, this.pending, this.messages).start();
		}
	}

	@Override
	public void failed(Object event, Throwable error) {
	}

}

package dev.mainloop.handler;

import org.jspecify.annotations.Nullable;

/**
 * Has a result wait until what a method has returned is there.
 */
final class LaterResult implements Result, Results {

	private final LaterType type;

	private final PendingResults pending;

	private final Result target;

	/**
	 * Creates a result.
	 * @param type the type of what is returned, which has one value at most
	 * @param pending has what is not there yet
	 * @param target takes the value
	 */
	LaterResult(LaterType type, PendingResults pending, Result target) {
		this.type = type;
		this.pending = pending;
		this.target = target;
	}

	@Override
	public Result next() {
		return this;
	}

	@Override
	public void returned(Object event, @Nullable Object value) throws Exception {
		if (value == null) {
			this.target.returned(event, null);
		}
		else {
			new PendingStage(this.type.stage(value), event, this.pending, this.target).start();
		}
	}

	@Override
	public void failed(Object event, Throwable error) {
		this.target.failed(event, error);
	}

}

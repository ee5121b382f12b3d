package dev.mainloop.handler;

import dev.mainloop.Completion;
import dev.mainloop.HandlerFailedException;
import dev.mainloop.ThreadContext;
import org.jspecify.annotations.Nullable;

/**
 * What a call of a handler method has returned and is not there yet, or not in whole.
 * Belongs to the loop's thread, unless a method says otherwise.
 */
abstract class PendingResult extends Completion {

	private final Object event;

	private final PendingResults results;

	/** What the call had as its context. */
	private final SenderContext.@Nullable Snapshot context;

	/**
	 * Creates a result, in the call of the method.
	 * @param event the event that the method was called with
	 * @param results those of the method
	 */
	PendingResult(Object event, PendingResults results) {
		this.event = event;
		this.results = results;
		this.context = results.capture();
	}

	final Object event() {
		return this.event;
	}

	final PendingResults results() {
		return this.results;
	}

	/**
	 * Begins to await it, and handles what is there already, as a part of the call.
	 * @throws Exception what is to go to the error handler
	 */
	abstract void start() throws Exception;

	/**
	 * Handles what has arrived.
	 * @throws Exception what is to go to the error handler
	 */
	abstract void handleArrived() throws Exception;

	/**
	 * Awaits nothing more, as the application ends; may be called by any thread. What has
	 * arrived before is handled, and what arrives later is dropped.
	 * @return {@code false} if all has arrived
	 */
	abstract boolean cancel();

	/**
	 * Tells whether it keeps a message for which a queue will have room, as that goes on.
	 */
	boolean isRoomExpected() {
		return false;
	}

	/** Has the loop handle what has arrived; may be called by any thread. */
	final void arrived() {
		this.results.arrived(this);
	}

	@Override
	protected final void completed() throws HandlerFailedException {
		try {
			handleInContext();
		}
		catch (Exception | Error ex) {
			throw new HandlerFailedException(this.results.toString(), this.event, ex);
		}
	}

	private void handleInContext() throws Exception {
		ThreadContext.Scope scope = ThreadContext.openIfAny(this.context);
		try (scope) {
			handleArrived();
		}
	}

}

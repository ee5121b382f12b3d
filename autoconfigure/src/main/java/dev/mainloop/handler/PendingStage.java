package dev.mainloop.handler;

import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicReference;

import org.jspecify.annotations.Nullable;

/**
 * A stage that a handler method has returned, whose value is not there yet.
 */
final class PendingStage extends PendingResult {

	private final CompletionStage<?> stage;

	private final Result target;

	private final AtomicReference<State> state = new AtomicReference<>(State.NEW);

	/** Written before the state, as is the error. */
	private @Nullable Object value;

	private @Nullable Throwable error;

	/**
	 * Creates a pending stage.
	 * @param stage the stage
	 * @param event the event that the method was called with
	 * @param results those of the method
	 * @param target takes the outcome
	 */
	PendingStage(CompletionStage<?> stage, Object event, PendingResults results, Result target) {
		super(event, results);
		this.stage = stage;
		this.target = target;
	}

	@Override
	void start() throws Exception {
		results().open();
		this.stage.whenComplete(this::completed);
		if (this.state.compareAndSet(State.NEW, State.WAITING)) {
			results().add(this);
		}
		else {
			handleOutcome();
		}
	}

	/** Called by the thread that completes the stage, in {@link #start()} if it is. */
	private void completed(@Nullable Object value, @Nullable Throwable error) {
		this.value = value;
		this.error = (error instanceof CompletionException && error.getCause() != null) ? error.getCause() : error;
		if (!this.state.compareAndSet(State.NEW, State.ARRIVED)
				&& this.state.compareAndSet(State.WAITING, State.ARRIVED)) {
			arrived();
		}
	}

	@Override
	void handleArrived() throws Exception {
		results().remove(this);
		handleOutcome();
	}

	private void handleOutcome() throws Exception {
		Throwable thrown = this.error;
		if (thrown == null) {
			this.target.returned(event(), this.value);
			return;
		}
		this.target.failed(event(), thrown);
		results().rethrow(thrown);
	}

	@Override
	boolean cancel() {
		if (!this.state.compareAndSet(State.WAITING, State.CANCELLED)) {
			return false;
		}
		results().remove(this);
		try {
			this.stage.toCompletableFuture().cancel(true);
		}
		catch (UnsupportedOperationException ex) {
			// Such a stage cannot be cancelled, and its value is dropped.
		}
		return true;
	}

	/** How far a stage is. */
	private enum State {

		/** It is not awaited yet. */
		NEW,

		/** It is awaited. */
		WAITING,

		/** Its outcome is there. */
		ARRIVED,

		/** Its outcome is of no use any more. */
		CANCELLED

	}

}

package dev.mainloop.pulse;

import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;

import org.jspecify.annotations.Nullable;

/**
 * Work on a file that may be asked for faster than it is done: one waits at most, however
 * often it was asked for. Belongs to the main loop.
 */
final class Job {

	private final Supplier<CompletableFuture<@Nullable Void>> work;

	private boolean running;

	private boolean again;

	Job(Supplier<CompletableFuture<@Nullable Void>> work) {
		this.work = work;
	}

	/** Begins the work, or has it begin once more when it is done. */
	void request() {
		this.again = this.running;
		if (!this.running) {
			this.running = true;
			CompletableFuture.completedFuture(null)
				.thenCompose((none) -> this.work.get())
				.whenComplete((done, failure) -> end());
		}
	}

	private void end() {
		this.running = false;
		if (this.again) {
			request();
		}
	}

}

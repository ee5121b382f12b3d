package dev.mainloop;

import java.util.Objects;
import java.util.function.Consumer;

import org.jspecify.annotations.Nullable;

/**
 * A task on its way through a worker. The loop's thread makes it and is told of its end;
 * in between it belongs to the worker, but for its cancellation, which may come from any
 * thread and at any time.
 */
final class Work extends Completion implements Runnable {

	private final WorkerTask task;

	private final WorkerPort port;

	/** What it is completed by; set before a worker gets it. */
	private @Nullable Consumer<Completion> completed;

	/** What was thrown; handed over with the completion. */
	private @Nullable Throwable failure;

	/** Who runs it; guarded by this object, as what follows. */
	private @Nullable Thread worker;

	private boolean begun;

	private boolean cancelled;

	Work(WorkerTask task, WorkerPort port) {
		this.task = task;
		this.port = port;
	}

	/** Sets what it is completed by, before a worker gets it. */
	Work completedBy(Consumer<Completion> completed) {
		this.completed = completed;
		return this;
	}

	@Override
	public void run() {
		try {
			if (begin()) {
				runTask();
			}
		}
		finally {
			complete();
		}
	}

	private void runTask() {
		try {
			this.task.run();
		}
		catch (Throwable ex) {
			this.failure = ex;
		}
		finally {
			end();
		}
	}

	private synchronized boolean begin() {
		if (this.cancelled) {
			return false;
		}
		this.begun = true;
		this.worker = Thread.currentThread();
		return true;
	}

	/**
	 * An interrupt that was meant for the task does not reach what the worker does next.
	 */
	private synchronized void end() {
		this.worker = null;
		Thread.interrupted();
	}

	/** Has it end early: interrupts the worker, or keeps one from beginning it. */
	synchronized void cancel() {
		this.cancelled = true;
		if (this.worker != null) {
			this.worker.interrupt();
		}
	}

	/**
	 * Keeps it from being begun.
	 * @return {@code false} if it was begun
	 */
	synchronized boolean withdraw() {
		this.cancelled = true;
		return !this.begun;
	}

	synchronized boolean isRunning() {
		return this.worker != null;
	}

	/** Has it end without a worker, after none has begun it nor will. */
	void fail(Throwable cause) {
		this.failure = cause;
		complete();
	}

	private void complete() {
		Objects.requireNonNull(this.completed).accept(this);
	}

	/** Tells the task that it is not followed any more. */
	void abandon() {
		this.task.abandoned();
	}

	@Override
	protected void completed() throws Exception {
		if (this.port.remove(this)) {
			this.task.ended(this.failure);
		}
	}

	@Override
	public String toString() {
		return this.task.toString();
	}

}

package dev.mainloop;

import java.util.concurrent.Callable;
import java.util.concurrent.CancellationException;
import java.util.function.Consumer;

import dev.mainloop.log.LogText;
import org.jspecify.annotations.Nullable;

/**
 * The result of work that was offloaded to a worker. To cancel it interrupts the worker.
 *
 * @param <T> the type of the result
 */
final class Offload<T extends @Nullable Object> extends LoopFuture<T> implements WorkerTask {

	private final Callable<? extends T> callable;

	private final @Nullable ThreadContext context;

	private final Consumer<Offload<?>> forgetting;

	private final Work work;

	/** What the worker has handed over; valid once it has returned. */
	private @Nullable T result;

	/**
	 * Creates a piece of work that is not begun.
	 * @param callable what a worker is to call
	 * @param context that of the thread that offloads it, {@code null} for none
	 * @param port has it carried out
	 * @param forgetting told when it has ended
	 */
	Offload(Callable<? extends T> callable, @Nullable ThreadContext context, WorkerPort port,
			Consumer<Offload<?>> forgetting) {
		this.callable = callable;
		this.context = context;
		this.forgetting = forgetting;
		this.work = new Work(this, port);
	}

	Work work() {
		return this.work;
	}

	@Override
	public void run() throws Exception {
		ThreadContext.Scope scope = ThreadContext.openIfAny(this.context);
		try (scope) {
			this.result = this.callable.call();
		}
	}

	@Override
	public void ended(@Nullable Throwable failure) throws HandlerFailedException {
		this.forgetting.accept(this);
		ThreadContext.Scope scope = ThreadContext.openIfAny(this.context);
		try (scope) {
			end(failure);
		}
	}

	@SuppressWarnings("NullAway") // the result of a callable that may give null is null
	private void end(@Nullable Throwable failure) throws HandlerFailedException {
		if (failure == null) {
			complete(this.result);
			return;
		}
		boolean ignored = getNumberOfDependents() == 0 && !isDone();
		completeExceptionally(failure);
		if (ignored) {
			throw new HandlerFailedException("offloaded work", this.callable, failure);
		}
	}

	@Override
	public void abandoned() {
		completeExceptionally(new CancellationException(
				"The main loop is closed before %s has ended".formatted(LogText.of(this.callable))));
	}

	@Override
	public boolean cancel(boolean mayInterruptIfRunning) {
		boolean cancelled = super.cancel(mayInterruptIfRunning);
		if (cancelled) {
			this.work.cancel();
		}
		return cancelled;
	}

	@Override
	public String toString() {
		return this.callable.toString();
	}

}

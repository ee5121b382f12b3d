package dev.mainloop.file;

import java.util.concurrent.CancellationException;
import java.util.function.Function;

import dev.mainloop.LoopFuture;
import org.jspecify.annotations.Nullable;

/**
 * The result of an operation, complete when that has ended. To cancel it asks for the
 * operation to end early, which uses its buffer until it has ended.
 *
 * @param <T> the type of the result
 */
final class FileFuture<T extends @Nullable Object> extends LoopFuture<T> implements FileHandler {

	/** The result of what has none. */
	static final Function<FileOperation, @Nullable Void> NONE = (operation) -> null;

	private final FileOperations operations;

	private final Function<FileOperation, T> result;

	private long token;

	private boolean ignored;

	FileFuture(FileOperations operations, Function<FileOperation, T> result) {
		this.operations = operations;
		this.result = result;
	}

	/**
	 * Has whoever waits for an operation learn that it does not come to its handler.
	 * @param handler the handler
	 * @param operation what a sentence calls the operation
	 * @return {@code false} if nobody can
	 */
	static boolean fail(FileHandler handler, String operation) {
		if (handler instanceof FileFuture<?> future) {
			future.completeExceptionally(
					new CancellationException(operation + " was not waited for, as all files are closed"));
			return true;
		}
		return false;
	}

	/** Whether a handler is a future that nobody waits for. */
	static boolean isIgnored(FileHandler handler) {
		return handler instanceof FileFuture<?> future && future.ignored;
	}

	/** Keeps by which token the operation is cancelled. */
	FileFuture<T> begun(long token) {
		this.token = token;
		return this;
	}

	@Override
	public void completed(FileOperation operation) {
		Throwable failure = operation.failure();
		if (failure != null) {
			this.ignored = getNumberOfDependents() == 0 && !isDone();
			completeExceptionally(failure);
		}
		else if (!complete(this.result.apply(operation)) && operation.type() == FileOperation.Type.OPEN) {
			operation.file().close();
		}
	}

	@Override
	public boolean cancel(boolean mayInterruptIfRunning) {
		boolean cancelled = super.cancel(mayInterruptIfRunning);
		if (cancelled) {
			this.operations.cancelFromAnywhere(this.token);
		}
		return cancelled;
	}

}

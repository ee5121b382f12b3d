package dev.mainloop;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

import org.jspecify.annotations.Nullable;

/**
 * A result that is complete once a {@link MainLoop} has come to it. A handler cannot wait
 * for it, as its loop would stand still and the result might never come: what would block
 * the thread of a loop, whichever it is, throws {@link IllegalStateException} instead.
 * The same holds for the futures that are derived from it.
 *
 * @param <T> the type of the result
 */
public class LoopFuture<T extends @Nullable Object> extends CompletableFuture<T> {

	/**
	 * Creates a future that is not complete.
	 */
	public LoopFuture() {
	}

	@Override
	public <U> CompletableFuture<U> newIncompleteFuture() {
		return new LoopFuture<>();
	}

	/**
	 * Waits for the result; not on the thread of a loop.
	 * @return the result
	 * @throws IllegalStateException if it is not complete and the caller is a handler
	 */
	@Override
	public T get() throws InterruptedException, ExecutionException {
		requireNoWait();
		return super.get();
	}

	/**
	 * Waits for the result; not on the thread of a loop.
	 * @return the result
	 * @throws IllegalStateException if it is not complete and the caller is a handler
	 */
	@Override
	public T get(long timeout, TimeUnit unit) throws InterruptedException, ExecutionException, TimeoutException {
		requireNoWait();
		return super.get(timeout, unit);
	}

	/**
	 * Waits for the result; not on the thread of a loop.
	 * @return the result
	 * @throws IllegalStateException if it is not complete and the caller is a handler
	 */
	@Override
	public T join() {
		requireNoWait();
		return super.join();
	}

	private void requireNoWait() {
		if (!isDone() && LoopThreads.isCaller()) {
			throw new IllegalStateException("A handler cannot wait for a result, as its loop would stand still: "
					+ "pass what is to be done with it to thenAccept or whenComplete");
		}
	}

}

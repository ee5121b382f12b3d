package dev.mainloop;

import java.util.Objects;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.Supplier;

import dev.mainloop.log.LogText;
import org.jspecify.annotations.Nullable;

/**
 * The work that is offloaded from a loop to its workers. That of other threads than the
 * loop's is begun by a posted task, and so refused once the loop is stopping, or seen to
 * its end. May be used by any thread.
 */
final class Offloads {

	/** What log lines call the work. */
	static final String DESCRIPTION = "offloaded work";

	private final Loop loop;

	private final Executor tasks;

	private final WorkerPort port;

	private final int capacity;

	private final @Nullable Supplier<? extends @Nullable ThreadContext> threadContext;

	/** What has not ended, begun or not. */
	private final Set<Offload<?>> pending = ConcurrentHashMap.newKeySet();

	/**
	 * Creates the offloaded work of a loop.
	 * @param loop the loop
	 * @param tasks posts tasks to it
	 * @param workers do the work
	 * @param capacity how much of it may be under way
	 * @param threadContext captures the context of who offloads it, {@code null} for none
	 */
	Offloads(Loop loop, Executor tasks, Workers workers, int capacity,
			@Nullable Supplier<? extends @Nullable ThreadContext> threadContext) {
		this.loop = loop;
		this.tasks = tasks;
		this.port = new WorkerPort(loop.name(), DESCRIPTION, workers, this::abandon);
		this.capacity = capacity;
		this.threadContext = threadContext;
	}

	/** Returns what has the work done, to be opened once. */
	CompletionPort port() {
		return this.port;
	}

	<T extends @Nullable Object> LoopFuture<T> begin(Callable<? extends T> callable) {
		Objects.requireNonNull(callable, "'work' must not be null");
		this.loop.requireUsable();
		Offload<T> offload = new Offload<>(callable, context(), this.port, this.pending::remove);
		requireRoom(callable);
		this.pending.add(offload);
		boolean begun = false;
		try {
			if (this.loop.isLoopThread()) {
				this.port.begin(offload.work());
			}
			else {
				this.tasks.execute(() -> this.port.begin(offload.work()));
			}
			begun = true;
			return offload;
		}
		finally {
			if (!begun) {
				this.pending.remove(offload);
			}
		}
	}

	private @Nullable ThreadContext context() {
		return (this.threadContext != null) ? this.threadContext.get() : null;
	}

	private void requireRoom(Callable<?> callable) {
		if (this.pending.size() >= this.capacity) {
			throw new RejectedExecutionException("The %s does not offload %s: %d pieces of work are under way already"
				.formatted(this.loop.name(), LogText.of(callable), this.capacity));
		}
	}

	/** Ends the futures of all work, as the loop is closed. */
	private void abandon() {
		this.pending.forEach(Offload::abandoned);
		this.pending.clear();
	}

}

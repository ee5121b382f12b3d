package dev.mainloop;

import java.util.Objects;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.Consumer;

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

	private final Consumer<CompletionPort> opening;

	private final Workers workers;

	private final int capacity;

	/** What has not ended, begun or not. */
	private final Set<Offload<?>> pending = ConcurrentHashMap.newKeySet();

	/** Opened for the first of them. */
	private @Nullable WorkerPort port;

	/**
	 * Creates the offloaded work of a loop.
	 * @param loop the loop
	 * @param tasks posts tasks to it
	 * @param opening opens the event source of a port
	 * @param workers do the work
	 * @param capacity how much of it may be done or wait at a time
	 */
	Offloads(Loop loop, Executor tasks, Consumer<CompletionPort> opening, Workers workers, int capacity) {
		this.loop = loop;
		this.tasks = tasks;
		this.opening = opening;
		this.workers = workers;
		this.capacity = capacity;
	}

	<T extends @Nullable Object> LoopFuture<T> begin(Callable<? extends T> callable) {
		Objects.requireNonNull(callable, "'work' must not be null");
		WorkerPort port = port();
		Offload<T> offload = new Offload<>(callable, port, this.pending::remove);
		requireRoom(callable);
		this.pending.add(offload);
		boolean begun = false;
		try {
			if (this.loop.isLoopThread()) {
				port.begin(offload.work());
			}
			else {
				this.tasks.execute(() -> port.begin(offload.work()));
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

	private void requireRoom(Callable<?> callable) {
		if (this.pending.size() >= this.capacity) {
			throw new RejectedExecutionException("The %s does not offload %s: %d pieces of work are under way already"
				.formatted(this.loop.name(), LogText.of(callable), this.capacity));
		}
	}

	private synchronized WorkerPort port() {
		WorkerPort opened = this.port;
		if (opened == null) {
			opened = new WorkerPort(this.loop.name(), DESCRIPTION, this.workers, this::abandon);
			this.opening.accept(opened);
			this.port = opened;
		}
		return opened;
	}

	/** Ends the futures of all work, as the loop is closed. */
	private void abandon() {
		this.pending.forEach(Offload::abandoned);
		this.pending.clear();
	}

}

package dev.mainloop;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Queue;
import java.util.function.Supplier;

import org.jspecify.annotations.Nullable;

/**
 * The calls of one handler that may block, and so run on workers and end as events of the
 * loop. No more than a number of them run at a time, and they are begun in their order:
 * with one at a time they run in their order, too.
 *
 * <h2>Bound</h2> Once as many run as may, the event source whose handler has begun the
 * last of them is {@linkplain EventSource.State#HELD held} until one has ended, and what
 * it does is what it does while it is paused: a queue keeps its messages back, a timer
 * counts the expirations that it misses, a file descriptor is not waited for.
 *
 * <h2>Memory</h2> What the loop's thread did before it has begun a call is seen by the
 * worker, and what that does is seen by {@link WorkerTask#ended}.
 * <p>
 * To be used by handlers of the loop.
 */
public final class BlockingCalls {

	private final Supplier<@Nullable EventSource> caller;

	private final WorkerPort port;

	private final int concurrency;

	/** How many workers have one, or are to. */
	private int running;

	/** Those that were begun while as many ran as may, each by another source. */
	private final Queue<Work> waiting = new ArrayDeque<>();

	private final List<EventSource> held = new ArrayList<>();

	/**
	 * Creates the calls of a handler.
	 * @param caller tells the event source whose handler runs
	 * @param port has them carried out
	 * @param concurrency how many may run at a time
	 */
	BlockingCalls(Supplier<@Nullable EventSource> caller, WorkerPort port, int concurrency) {
		if (concurrency < 1) {
			throw new IllegalArgumentException("'concurrency' must be 1 or more but is " + concurrency);
		}
		this.caller = caller;
		this.port = port;
		this.concurrency = concurrency;
	}

	/**
	 * Begins a call, at once if fewer run than may, and otherwise after those that were
	 * begun before.
	 * @param task the call
	 */
	public void begin(WorkerTask task) {
		Work call = new Work(new Call(Objects.requireNonNull(task, "'task' must not be null")), this.port);
		if (this.running >= this.concurrency) {
			this.waiting.add(call);
		}
		else {
			start(call);
		}
		if (this.running >= this.concurrency) {
			hold(this.caller.get());
		}
	}

	private void start(Work call) {
		this.running++;
		this.port.begin(call);
	}

	private void hold(@Nullable EventSource source) {
		if (source != null && !this.held.contains(source)) {
			this.held.add(source);
			source.hold();
		}
	}

	private void ended() {
		this.running--;
		Work next = this.waiting.poll();
		if (next != null) {
			start(next);
		}
		else {
			releaseAll();
		}
	}

	private void releaseAll() {
		while (!this.held.isEmpty()) {
			release(this.held.remove(this.held.size() - 1));
		}
	}

	/** Lets a source go on. One that cannot get its place again waits to be resumed. */
	private static void release(EventSource source) {
		try {
			source.unhold();
		}
		catch (Throwable ex) {
			source.disable(ex);
			throw ex;
		}
	}

	/**
	 * Returns how many calls may run at a time.
	 * @return the number
	 */
	public int concurrency() {
		return this.concurrency;
	}

	/**
	 * Returns how many calls have been begun and have not ended.
	 * @return the number
	 */
	public int size() {
		return this.running + this.waiting.size();
	}

	/** A call that is counted until it has ended. */
	private final class Call implements WorkerTask {

		private final WorkerTask task;

		Call(WorkerTask task) {
			this.task = task;
		}

		@Override
		public void run() throws Exception {
			this.task.run();
		}

		@Override
		public void ended(@Nullable Throwable failure) throws Exception {
			try {
				BlockingCalls.this.ended();
			}
			finally {
				this.task.ended(failure);
			}
		}

		@Override
		public void abandoned() {
			this.task.abandoned();
		}

		@Override
		public String toString() {
			return this.task.toString();
		}

	}

}

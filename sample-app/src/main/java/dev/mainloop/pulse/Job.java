package dev.mainloop.pulse;

import java.util.function.Supplier;

import dev.mainloop.EventQueue;

import org.springframework.core.task.TaskExecutor;
import org.springframework.core.task.TaskRejectedException;

/**
 * Work on another thread that may be asked for faster than it is done: one waits at most,
 * however often it was asked for. Belongs to the main loop.
 *
 * @param <T> what it results in
 */
class Job<T> {

	private final TaskExecutor worker;

	private final EventQueue<T> results;

	/** Set back by the worker where nobody takes its result. */
	private volatile boolean running;

	private boolean again;

	Job(TaskExecutor worker, EventQueue<T> results) {
		this.worker = worker;
		this.results = results;
	}

	/** Whether it runs, and is to be asked for once more when its result comes. */
	boolean isToWait() {
		this.again = this.running;
		return this.running;
	}

	/** Has the worker do it, and send its result as a message. */
	void start(Supplier<T> work) {
		this.running = true;
		try {
			this.worker.execute(() -> run(work));
		}
		catch (TaskRejectedException ex) {
			this.running = false;
			throw ex;
		}
	}

	private void run(Supplier<T> work) {
		boolean sent = false;
		try {
			sent = this.results.offer(work.get());
		}
		finally {
			if (!sent) {
				this.running = false;
			}
		}
	}

	/**
	 * Takes up that its result has come.
	 * @return whether it was asked for meanwhile
	 */
	boolean end() {
		this.running = false;
		return this.again;
	}

}

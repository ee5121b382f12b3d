package dev.mainloop.test;

import java.util.ArrayDeque;
import java.util.Queue;

import dev.mainloop.handler.MainLoopLifecycle;
import org.jspecify.annotations.Nullable;

import org.springframework.context.SmartLifecycle;

/**
 * Does what may block on the thread of the test, between two iterations of the loops, in
 * the order in which it was begun. Once the application stops it is done as soon as it is
 * begun.
 */
final class TestWorkers implements SmartLifecycle {

	private final Queue<Runnable> waiting = new ArrayDeque<>();

	private boolean held;

	private boolean running;

	/** Takes what is to be done; called by any thread. */
	void execute(Runnable task) {
		synchronized (this) {
			if (this.running) {
				this.waiting.add(task);
				return;
			}
		}
		task.run();
	}

	/** Has all that is begun from now on wait. */
	synchronized void hold() {
		this.held = true;
	}

	/** Has what waits done, and what is begun from now on. */
	synchronized void release() {
		this.held = false;
	}

	synchronized int size() {
		return this.waiting.size();
	}

	/**
	 * Does all that waits, unless it is held.
	 * @return {@code false} if there was nothing to do
	 */
	boolean run() {
		boolean any = false;
		for (Runnable task = next(); task != null; task = next()) {
			task.run();
			any = true;
		}
		return any;
	}

	private synchronized @Nullable Runnable next() {
		return this.held ? null : this.waiting.poll();
	}

	@Override
	public synchronized void start() {
		this.running = true;
	}

	@Override
	public void stop() {
		synchronized (this) {
			this.running = false;
			this.held = false;
		}
		run();
	}

	@Override
	public synchronized boolean isRunning() {
		return this.running;
	}

	/** Stops before the loops do, which wait for what they have begun. */
	@Override
	public int getPhase() {
		return MainLoopLifecycle.PHASE + 1;
	}

}

package dev.mainloop.handler;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;

import org.springframework.context.SmartLifecycle;

/**
 * The children of an application that its handlers are told the ends of: they run while
 * its loops do.
 */
public final class Children implements SmartLifecycle {

	private final List<SupervisedChild> children = new ArrayList<>();

	private boolean running;

	/** Has a child run from now on, or from the start on. */
	synchronized void add(SupervisedChild child) {
		if (!this.children.contains(child)) {
			this.children.add(child);
		}
		if (this.running) {
			child.start();
		}
	}

	@Override
	public synchronized void start() {
		this.running = true;
		try {
			this.children.forEach(SupervisedChild::start);
		}
		catch (Throwable ex) {
			end();
			throw ex;
		}
	}

	@Override
	public void stop(Runnable callback) {
		end().thenRun(callback);
	}

	@Override
	public void stop() {
		end().join();
	}

	private synchronized CompletableFuture<Void> end() {
		this.running = false;
		return CompletableFuture
			.allOf(this.children.stream().map(SupervisedChild::stop).toArray(CompletableFuture[]::new));
	}

	@Override
	public synchronized boolean isRunning() {
		return this.running;
	}

	/** After the loops, which stop after it. */
	@Override
	public int getPhase() {
		return MainLoopLifecycle.PHASE + 1;
	}

}

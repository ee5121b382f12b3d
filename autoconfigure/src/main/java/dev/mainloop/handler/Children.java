package dev.mainloop.handler;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;

import dev.mainloop.MainLoop;

import org.springframework.context.SmartLifecycle;

/**
 * The children of an application that its handlers are told the ends of: they run while
 * its loops do.
 */
public final class Children implements SmartLifecycle {

	private final List<SupervisedChild> children = new ArrayList<>();

	/** By the name of the command. */
	private final Map<String, ChildLines> lines = new HashMap<>();

	private boolean running;

	/**
	 * Has a child run from the start on, or soon, so that what is opened with it can take
	 * its lines.
	 * @param child the child
	 * @param loop the loop that it belongs to
	 */
	synchronized void add(SupervisedChild child, MainLoop loop) {
		child.on(loop);
		if (!this.children.contains(child)) {
			this.children.add(child);
		}
		if (this.running) {
			loop.execute(() -> startLate(child));
		}
	}

	/**
	 * Has the lines of a child handled when it is started.
	 * @param added handles them
	 * @param loop the loop that it belongs to
	 * @throws InvalidHandlerException if they go to others
	 */
	synchronized void add(ChildLines added, MainLoop loop) {
		added.on(loop);
		ChildLines other = this.lines.putIfAbsent(added.command(), added);
		if (other != null && other != added) {
			throw added.hasOther();
		}
		if (this.running) {
			loop.execute(() -> connectLate(added));
		}
	}

	private synchronized void startLate(SupervisedChild child) {
		ChildLines known = this.lines.get(child.command());
		if (known != null) {
			connect(known);
		}
		if (this.running) {
			child.start();
		}
	}

	private synchronized void connectLate(ChildLines added) {
		connect(added);
	}

	private void connect(ChildLines some) {
		some.connect(this.children.stream().filter((child) -> child.command().equals(some.command())).toList());
	}

	@Override
	public synchronized void start() {
		this.running = true;
		try {
			this.lines.values().forEach(this::connect);
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

package dev.mainloop;

import java.util.concurrent.CompletableFuture;

import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;

/**
 * Runs a {@link MainLoop} on a thread of its own, named {@code mainloop}: a platform
 * thread, as a wait in the kernel would pin a virtual one to its carrier, and no daemon,
 * so that an application without any other thread lives while its loop runs.
 */
public final class MainLoopThread implements MainLoopRunner {

	private static final Log logger = LogFactory.getLog(MainLoopThread.class);

	private static final String NAME = "mainloop";

	private final MainLoop loop;

	private CompletableFuture<Void> ended = CompletableFuture.completedFuture(null);

	/**
	 * Creates a thread for a loop.
	 * @param loop the loop, which stays the caller's to close
	 */
	public MainLoopThread(MainLoop loop) {
		this.loop = loop;
	}

	@Override
	public synchronized void start() {
		CompletableFuture<Void> end = new CompletableFuture<>();
		Thread thread = new Thread(() -> run(end), NAME);
		MainLoop.State before = this.loop.enter(thread, MainLoop.State.RUNNING);
		try {
			thread.start();
		}
		catch (Error ex) {
			this.loop.leave(before);
			throw ex;
		}
		this.ended = end;
	}

	private void run(CompletableFuture<Void> end) {
		try {
			this.loop.runEntered();
		}
		catch (Throwable ex) {
			logger.fatal("The main loop has failed and does not run any more", ex);
		}
		finally {
			end.complete(null);
		}
	}

	@Override
	public synchronized CompletableFuture<Void> stop() {
		this.loop.stop();
		return this.ended.copy();
	}

	@Override
	public synchronized boolean isRunning() {
		return !this.ended.isDone();
	}

}

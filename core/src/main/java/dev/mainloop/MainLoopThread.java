package dev.mainloop;

import java.util.concurrent.CompletableFuture;

import dev.mainloop.log.LogKeys;
import dev.mainloop.log.LogThrowable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Runs a {@link MainLoop} on a thread of its own, named {@code mainloop}, with the name
 * of the loop after it where that has one of its own: a platform thread, as a wait in the
 * kernel would pin a virtual one to its carrier, and no daemon, so that an application
 * without any other thread lives while its loop runs.
 */
public final class MainLoopThread implements MainLoopRunner {

	private static final Logger logger = LoggerFactory.getLogger(MainLoopThread.class);

	private final MainLoop loop;

	private CompletableFuture<Void> ended = CompletableFuture.completedFuture(null);

	private CompletableFuture<Void> goneOn = new CompletableFuture<>();

	/**
	 * Creates a thread for a loop.
	 * @param loop the loop, which stays the caller's to close
	 */
	public MainLoopThread(MainLoop loop) {
		this.loop = loop;
	}

	/**
	 * Starts the loop on a new thread, or has one that was told to stop and has not yet
	 * go on.
	 */
	@Override
	public synchronized void start() {
		if (this.loop.cycle().goOn()) {
			this.goneOn.complete(null);
			this.goneOn = new CompletableFuture<>();
			return;
		}
		CompletableFuture<Void> end = new CompletableFuture<>();
		Thread thread = Affinity.thread(() -> run(end), this.loop.cycle().name().thread());
		MainLoopState before = this.loop.state();
		this.loop.cycle().enter(thread, MainLoopState.RUNNING);
		boolean started = false;
		try {
			thread.start();
			started = true;
		}
		finally {
			if (!started) {
				this.loop.cycle().withdraw(before);
			}
		}
		this.ended = end;
	}

	private void run(CompletableFuture<Void> end) {
		try {
			this.loop.cycle().run();
		}
		catch (Throwable ex) {
			String latest = String.valueOf(this.loop.cycle().dispatcher().latest());
			logger.atError()
				.setCause(LogThrowable.of(ex))
				.addKeyValue(LogKeys.LOOP, this.loop.name())
				.addKeyValue(LogKeys.SOURCE, latest)
				.log(("%s and does not run any more, until MainLoop.recover() and another start; "
						+ "the event source that it handled last is '%s'")
					.formatted(this.loop.cycle().describe(), latest));
		}
		finally {
			end.complete(null);
		}
	}

	@Override
	public synchronized CompletableFuture<Void> stop() {
		this.loop.stop();
		return CompletableFuture.anyOf(this.ended, this.goneOn).thenAccept((either) -> {
		});
	}

	@Override
	public synchronized boolean isRunning() {
		return !this.ended.isDone();
	}

}

package dev.mainloop.handler;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;

import dev.mainloop.EventSource;
import dev.mainloop.MainLoop;
import dev.mainloop.MainLoopRunner;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;

import org.springframework.beans.factory.DisposableBean;
import org.springframework.context.SmartLifecycle;

/**
 * Starts and stops the main loop with the application context: after its start the
 * handlers get their events, and at its stop the messages that wait are handled. The loop
 * is there before the web server accepts a request, and until after it has answered the
 * last.
 */
public final class MainLoopLifecycle implements SmartLifecycle, DisposableBean {

	/** Before the web server, which starts and stops at {@code DEFAULT_PHASE - 2048}. */
	static final int PHASE = DEFAULT_PHASE - 4096;

	/** How long the end of the context waits for a handler after a stop timed out. */
	private static final Duration LAST_WAIT = Duration.ofSeconds(1);

	private static final Log logger = LogFactory.getLog(MainLoopLifecycle.class);

	private final MainLoop loop;

	private final MainLoopRunner runner;

	private final EventHandlers handlers;

	private final List<EventSource> sources = new ArrayList<>();

	/**
	 * Creates the lifecycle of a loop.
	 * @param loop the loop
	 * @param runner runs it
	 * @param handlers the handlers of its events
	 */
	public MainLoopLifecycle(MainLoop loop, MainLoopRunner runner, EventHandlers handlers) {
		this.loop = loop;
		this.runner = runner;
		this.handlers = handlers;
	}

	@Override
	public synchronized void start() {
		if (isRunning()) {
			return;
		}
		closeSources();
		try {
			this.loop.disabledSources().forEach(EventSource::resume);
			this.handlers.open(this.loop, this.sources::add);
			this.runner.start();
		}
		catch (RuntimeException | Error ex) {
			closeSources();
			throw ex;
		}
		logger.info("Main loop runs on %s with %d event sources, signals: %s".formatted(this.loop.multiplexerName(),
				this.sources.size(), this.loop.signalsDescription()));
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
		closeSources();
		if (!isRunning()) {
			return CompletableFuture.completedFuture(null);
		}
		CompletableFuture<Void> end = this.runner.stop().thenRun(() -> logger.info("Main loop has stopped"));
		if (this.loop.isLoopThread()) {
			logger.warn("Main loop is stopped by one of its own handlers, after which it handles what waits");
			return CompletableFuture.completedFuture(null);
		}
		return end;
	}

	/**
	 * Ends a loop that has not stopped in time. The messages that are left are counted in
	 * the log.
	 */
	@Override
	public void destroy() {
		if (isRunning() && !this.loop.close(LAST_WAIT)) {
			logger.warn("Main loop has not stopped, as one of its handlers has not returned");
		}
	}

	private void closeSources() {
		this.sources.forEach(EventSource::close);
		this.sources.clear();
	}

	@Override
	public boolean isRunning() {
		return this.runner.isRunning();
	}

	@Override
	public int getPhase() {
		return PHASE;
	}

}

package dev.mainloop.handler;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;

import dev.mainloop.EventSource;
import dev.mainloop.MainLoop;
import dev.mainloop.MainLoopRunner;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;

import org.springframework.context.SmartLifecycle;

/**
 * Starts and stops the main loop with the application context: after its start the
 * handlers get their events, and at its stop the messages that wait are handled. The loop
 * is there before the web server accepts a request, and until after it has answered the
 * last.
 */
public final class MainLoopLifecycle implements SmartLifecycle {

	/** Before the web server, which starts and stops at {@code DEFAULT_PHASE - 2048}. */
	static final int PHASE = DEFAULT_PHASE - 4096;

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
		try {
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
	public synchronized void stop(Runnable callback) {
		closeSources();
		end().thenRun(callback);
	}

	@Override
	public void stop() {
		synchronized (this) {
			closeSources();
		}
		end().join();
	}

	private CompletableFuture<Void> end() {
		boolean running = isRunning();
		return this.runner.stop().thenRun(() -> {
			if (running) {
				logger.info("Main loop has stopped");
			}
		});
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

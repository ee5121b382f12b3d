package dev.mainloop.handler;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.function.BiFunction;

import dev.mainloop.MainLoop;
import dev.mainloop.MainLoopGroup;
import dev.mainloop.MainLoopRunner;
import dev.mainloop.log.LogText;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import org.springframework.beans.factory.DisposableBean;
import org.springframework.context.SmartLifecycle;

/**
 * Starts and stops the loops with the application context: after their start the handlers
 * get their events, and at their stop the messages that wait are handled, also those that
 * handlers of one loop send to another meanwhile. The loops are there before the web
 * server accepts a request, and until after it has answered the last.
 */
public final class MainLoopLifecycle implements SmartLifecycle, DisposableBean {

	/** Before the web server, which starts and stops at {@code DEFAULT_PHASE - 2048}. */
	public static final int PHASE = DEFAULT_PHASE - 4096;

	private static final Logger logger = LoggerFactory.getLogger(MainLoopLifecycle.class);

	private final MainLoop main;

	private final MainLoopGroup group;

	private final EventHandlers handlers;

	private final Map<Placement, LoopLifecycle> loops = new LinkedHashMap<>();

	/**
	 * Creates the lifecycle of the loops of an application.
	 * @param loops the loops
	 * @param group what they stop together by
	 * @param runners makes what runs them
	 * @param handlers the handlers of their events
	 * @param phaseTimeout how long a phase of the shutdown may take
	 */
	public MainLoopLifecycle(MainLoops loops, MainLoopGroup group,
			BiFunction<Placement, MainLoop, MainLoopRunner> runners, EventHandlers handlers, Duration phaseTimeout) {
		this.main = loops.get(Placement.OF_MAIN);
		this.group = group;
		this.handlers = handlers;
		loops.forEach((place, loop) -> this.loops.put(place, new LoopLifecycle(place, loops.areSeveral(), loop,
				runners.apply(place, loop), handlers, phaseTimeout)));
		handlers.onLate(this::openLate);
	}

	@Override
	public synchronized void start() {
		if (isRunning()) {
			return;
		}
		this.handlers.bindLate();
		try {
			this.loops.values().forEach(LoopLifecycle::open);
			this.loops.values().forEach(LoopLifecycle::start);
		}
		catch (Throwable ex) {
			stopAfter(ex);
			throw ex;
		}
		if (this.handlers.hasLate()) {
			openLate();
		}
	}

	/** Stops the loops that run already, and closes the sources of all. */
	private void stopAfter(Throwable cause) {
		try {
			stop();
		}
		catch (Throwable ex) {
			cause.addSuppressed(ex);
		}
	}

	/**
	 * Has the main loop open the sources of handlers that were found as their bean was
	 * made. A loop that is stopped does when it is started.
	 */
	private void openLate() {
		try {
			this.main.execute(() -> {
				synchronized (this) {
					this.handlers.bindLate().forEach((bound) -> loop(bound.place()).open(bound.binding()));
				}
			});
		}
		catch (RejectedExecutionException ex) {
			if (isRunning()) {
				logger.warn(("The handlers of the beans %s get no events before the next start of the context: they "
						+ "were found as the beans were made, and the loop has too many tasks to open them. Have the "
						+ "beans made at the start, or raise mainloop.queue-capacity")
					.formatted(LogText.of(this.handlers.lateNames())), ex);
			}
		}
	}

	private LoopLifecycle loop(Placement place) {
		return Objects.requireNonNull(this.loops.get(place));
	}

	@Override
	public void stop(Runnable callback) {
		end().thenRun(callback);
	}

	@Override
	public void stop() {
		end().join();
	}

	/**
	 * A handler that stops its own loop cannot wait for it, and the others stop alone.
	 */
	private synchronized CompletableFuture<Void> end() {
		this.loops.values().forEach(LoopLifecycle::stopping);
		if (this.loops.values().stream().noneMatch(LoopLifecycle::isLoopThread)) {
			this.group.stop();
		}
		return CompletableFuture
			.allOf(this.loops.values().stream().map(LoopLifecycle::stop).toArray(CompletableFuture[]::new));
	}

	/** Ends the loops that have not stopped in time, and waits for all together. */
	@Override
	public void destroy() {
		long start = System.nanoTime();
		this.loops.values()
			.forEach((loop) -> loop.destroy(
					Math.max(0, loop.lastWaitMillis() - TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - start))));
	}

	/** Tells whether any loop runs, which is to be stopped then. */
	@Override
	public boolean isRunning() {
		return this.loops.values().stream().anyMatch(LoopLifecycle::isRunning);
	}

	@Override
	public int getPhase() {
		return PHASE;
	}

}

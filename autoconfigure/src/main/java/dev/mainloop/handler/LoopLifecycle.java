package dev.mainloop.handler;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;

import dev.mainloop.EventSource;
import dev.mainloop.MainLoop;
import dev.mainloop.MainLoopRunner;
import dev.mainloop.MainLoopState;
import dev.mainloop.RunningHandler;
import dev.mainloop.log.LogKeys;
import dev.mainloop.log.LogText;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import org.springframework.util.StringUtils;

/**
 * The starts and stops of one loop. A loop that has failed can be started again, as can
 * one that was told to stop and has not yet, which then goes on. One whose handler ends
 * the process is not waited for, as that handler waits for the end of the context.
 */
final class LoopLifecycle {

	private static final long LONGEST_LAST_WAIT_MILLIS = 1000;

	private static final long SHORTEST_LAST_WAIT_MILLIS = 50;

	/** The part of a phase that the end of the context waits for a handler. */
	private static final int LAST_PART = 8;

	private static final Logger logger = LoggerFactory.getLogger(MainLoopLifecycle.class);

	private final Placement place;

	/** What log lines call the loop. */
	private final String name;

	/** Whether other loops stop with it, which are not to wait for it either. */
	private final boolean several;

	private final MainLoop loop;

	private final MainLoopRunner runner;

	private final EventHandlers handlers;

	private final HandlerExit exit;

	private final long phaseMillis;

	/** How long the end of the context waits for a handler after a stop timed out. */
	private final long lastWaitMillis;

	private final Deque<EventSource> sources = new ArrayDeque<>();

	/** Whether the loop was started, and not told to stop since. */
	private volatile boolean running;

	/** Completes when nobody needs to wait for the last stop any more. */
	private volatile CompletableFuture<Void> stop = CompletableFuture.completedFuture(null);

	/** How often the loop was started. */
	private volatile int starts;

	private @Nullable LoopTally tally;

	/** Whether it ran when it was told to stop last. */
	private boolean wasRunning;

	/** When it was told to. */
	private long stopBegin;

	/**
	 * Creates the lifecycle of a loop.
	 * @param place its place among the loops
	 * @param several whether other loops stop with it
	 * @param loop the loop
	 * @param runner runs it
	 * @param handlers the handlers of its events
	 * @param phaseTimeout how long a phase of the shutdown may take
	 */
	LoopLifecycle(Placement place, boolean several, MainLoop loop, MainLoopRunner runner, EventHandlers handlers,
			Duration phaseTimeout) {
		this.place = place;
		this.name = StringUtils.capitalize(place.description());
		this.several = several;
		this.loop = loop;
		this.runner = runner;
		this.handlers = handlers;
		this.exit = new HandlerExit(loop);
		this.phaseMillis = phaseTimeout.toMillis();
		this.lastWaitMillis = Math.max(SHORTEST_LAST_WAIT_MILLIS,
				Math.min(this.phaseMillis / LAST_PART, LONGEST_LAST_WAIT_MILLIS));
	}

	/** Opens the event sources of a loop that is about to start. */
	synchronized void open() {
		closeSources();
		recover();
		try {
			this.tally = new LoopTally(this.loop);
			this.loop.disabledSources().forEach(EventSource::resume);
			this.handlers.begin(this.place);
			this.handlers.open(this.place, this.loop, this::add);
		}
		catch (Throwable ex) {
			closeSourcesAfter(ex);
			throw ex;
		}
	}

	/** Starts the loop, after its event sources are open. */
	synchronized void start() {
		try {
			this.starts++;
			this.runner.start();
			this.running = true;
		}
		catch (Throwable ex) {
			closeSourcesAfter(ex);
			throw ex;
		}
		logStarted();
	}

	/** Lets a loop that has failed be used again, once its thread has left it. */
	private void recover() {
		if (this.loop.state() == MainLoopState.FAILED) {
			HandlerExit.isDoneWithin(LONGEST_LAST_WAIT_MILLIS, this.runner.stop());
			this.loop.recover();
		}
	}

	/**
	 * Opens the event sources of a handler that was found after the start.
	 * @param binding opens them
	 */
	synchronized void open(EventBinding binding) {
		if (isRunning()) {
			binding.open(this.loop, this::add);
		}
	}

	private void add(EventSource source) {
		boolean added = false;
		try {
			this.sources.push(source);
			added = true;
		}
		finally {
			if (!added) {
				source.close();
			}
		}
	}

	/**
	 * Notes what the loop does before it is told to stop, after which it may have, and
	 * cancels what it is not to wait for.
	 */
	synchronized void stopping() {
		this.handlers.end(this.place);
		this.wasRunning = isRunning();
		this.stopBegin = System.nanoTime();
		if (this.tally != null) {
			this.tally.stopping();
		}
	}

	/**
	 * Stops the loop, after {@link #stopping()}.
	 * @return completes when nobody needs to wait for it any more
	 */
	synchronized CompletableFuture<Void> stop() {
		boolean wasRunning = this.wasRunning;
		long begin = this.stopBegin;
		this.running = false;
		LoopTally ended = this.tally;
		CompletableFuture<Void> left;
		try {
			closeSources();
		}
		finally {
			int start = this.starts;
			left = this.runner.stop().thenRun(() -> {
				if (start == this.starts) {
					this.handlers.stopped(this.place);
				}
			});
		}
		if (this.loop.isLoopThread()) {
			if (wasRunning) {
				logger.info("%s is stopped by one of its own handlers, and ends after that".formatted(this.name));
			}
			return CompletableFuture.completedFuture(null);
		}
		int start = this.starts;
		CompletableFuture<Void> end = left.thenRun(() -> {
			if (wasRunning && start == this.starts && ended != null) {
				logStopped(ended, begin);
			}
		});
		this.stop = end;
		CompletableFuture<Void> wait = end.copy();
		long timeoutMillis = stopTimeoutMillis();
		this.exit.watch(wait, timeoutMillis, () -> {
			logger.info("%s is not waited for, as one of its handlers ends the process".formatted(this.name));
			if (this.several) {
				this.loop.close();
			}
			end.complete(null);
		}, () -> {
			logNotStopped(timeoutMillis, (ended != null) ? ended.messages() : Map.of());
			wait.complete(null);
		});
		return wait;
	}

	private void logStarted() {
		String multiplexer = this.loop.multiplexerName();
		int sources = this.loop.sourceCounts().values().stream().mapToInt(Integer::intValue).sum();
		String signals = this.loop.signalsDescription();
		logger.atInfo()
			.addKeyValue(LogKeys.LOOP, this.place.loop())
			.addKeyValue(LogKeys.MULTIPLEXER, multiplexer)
			.addKeyValue(LogKeys.SOURCES, sources)
			.addKeyValue(LogKeys.SIGNALS, signals)
			.log("%s runs on %s with %d event sources, signals: %s".formatted(this.name, multiplexer, sources,
					signals));
	}

	private void logStopped(LoopTally tally, long begin) {
		long millis = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - begin);
		long events = tally.events();
		Map<String, Integer> left = tally.messages();
		logger.atInfo()
			.addKeyValue(LogKeys.LOOP, this.place.loop())
			.addKeyValue(LogKeys.EVENTS, events)
			.addKeyValue(LogKeys.MESSAGES, count(left))
			.addKeyValue(LogKeys.DURATION, millis)
			.log("%s has stopped in %d ms: its event sources have handled %d events, messages left: %s"
				.formatted(this.name, millis, events, describe(left)));
	}

	private void logNotStopped(long timeoutMillis, Map<String, Integer> left) {
		RunningHandler running = this.loop.runningHandler();
		String handler = LogText.of((running != null) ? this.handlers.name(running) : "none");
		logger.atInfo()
			.addKeyValue(LogKeys.LOOP, this.place.loop())
			.addKeyValue(LogKeys.HANDLER, handler)
			.addKeyValue(LogKeys.MESSAGES, count(left))
			.addKeyValue(LogKeys.DURATION, timeoutMillis)
			.log("%s has not stopped within %d ms: handler that runs: %s, messages left: %s".formatted(this.name,
					timeoutMillis, handler, describe(left)));
	}

	private static int count(Map<String, Integer> messages) {
		return messages.values().stream().mapToInt(Integer::intValue).sum();
	}

	private static String describe(Map<String, Integer> messages) {
		return messages.isEmpty() ? "none"
				: messages.entrySet()
					.stream()
					.map((queue) -> "%d in '%s'".formatted(queue.getValue(), queue.getKey()))
					.collect(Collectors.joining(", "));
	}

	boolean isLoopThread() {
		return this.loop.isLoopThread();
	}

	/** Returns how long the end of the context waits for a handler. */
	long lastWaitMillis() {
		return this.lastWaitMillis;
	}

	/**
	 * Returns how long to wait for a stop, which is to end before the phase does: what a
	 * signal has waited for its handlers counts as a part of the phase, and the end of
	 * the context and of the process come after the stop.
	 */
	private long stopTimeoutMillis() {
		long left = this.phaseMillis - this.loop.exitDelay().toMillis() - 2 * this.lastWaitMillis;
		return Math.max(left, this.lastWaitMillis);
	}

	/**
	 * Ends a loop that has not stopped in time. The handler that has kept it from that
	 * and the messages that are left are told in the log.
	 * @param waitMillis how long to wait for it, zero or more
	 */
	void destroy(long waitMillis) {
		if (!this.runner.isRunning()) {
			return;
		}
		this.stop.complete(null);
		if (this.loop.isLoopThread()) {
			closeByHandler();
		}
		else if (this.exit.hasBegun()) {
			this.loop.close(Duration.ZERO);
		}
		else {
			RunningHandler handler = this.loop.runningHandler();
			if (this.loop.close(Duration.ofMillis(waitMillis))) {
				logIfPresent("%s has stopped late, as the handler '%s' was running: %s", handler);
			}
			else if (!this.exit.hasBegun()) {
				logIfPresent("%s has not stopped, as the handler '%s' has not returned: %s", handler);
			}
		}
	}

	private void logIfPresent(String message, @Nullable RunningHandler handler) {
		if (handler != null) {
			logger.warn(message.formatted(this.name, this.handlers.name(handler), handler));
		}
	}

	/**
	 * Has what waits counted now, which is for another thread to do: the handler that
	 * closes the loop may end the process next, and never leave it.
	 */
	private void closeByHandler() {
		this.loop.close();
		CompletableFuture<Void> counted = new CompletableFuture<>();
		Thread counting = new Thread(() -> {
			try {
				this.loop.close(Duration.ZERO);
			}
			finally {
				counted.complete(null);
			}
		}, "mainloop-stop");
		counting.start();
		counted.join();
	}

	/**
	 * Closes the sources, of which one that cannot be closed now is left for the next.
	 */
	private void closeSources() {
		for (EventSource source = this.sources.peek(); source != null; source = this.sources.peek()) {
			source.close();
			this.sources.pop();
		}
	}

	private void closeSourcesAfter(Throwable cause) {
		try {
			closeSources();
		}
		catch (Throwable ex) {
			cause.addSuppressed(ex);
		}
	}

	/**
	 * Tells whether the loop was started and neither was told to stop since nor has
	 * failed, so that a start is due otherwise, even if its thread has not ended.
	 */
	boolean isRunning() {
		return this.running && this.runner.isRunning() && this.loop.state() != MainLoopState.FAILED;
	}

}

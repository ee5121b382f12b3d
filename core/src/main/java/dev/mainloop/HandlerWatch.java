package dev.mainloop;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.stream.Collectors;

import dev.mainloop.log.BurstLog;
import dev.mainloop.log.LogKeys;
import dev.mainloop.log.LogText;
import dev.mainloop.log.LogThrowable;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.spi.LoggingEventBuilder;

/**
 * Looks for handlers that block their loop, with a thread of its own that looks twice in
 * the time which they may take, and costs the loop nothing. One that takes longer is
 * named in the log, with what it is doing, and again each time when that has doubled;
 * when it has returned the log has its event. What one handler does again within
 * {@link BurstLog#WINDOW} is summed up, at the end of the watch at the latest.
 * <p>
 * A process that stands still as a whole, as for a garbage collection, a debugger or a
 * suspension, stops the watch, too: what that takes is not blamed on the handler.
 */
public final class HandlerWatch implements AutoCloseable {

	private static final Logger logger = LoggerFactory.getLogger(HandlerWatch.class);

	private static final int NANOS_PER_MILLI = 1_000_000;

	private final DutyCycle cycle;

	private final long warnAfterNanos;

	private final Function<RunningHandler, String> names;

	private final Consumer<BlockedHandler> listener;

	private final Thread thread;

	/** Looked at again and again, and so without an alarm. */
	private final BurstLog bursts = new BurstLog(System::nanoTime, (delay, task) -> {
	}, this::sumUpOthers);

	private final BurstLog.Kind failures = this::sumUpFailures;

	private final CountDownLatch closed = new CountDownLatch(1);

	private volatile @Nullable BlockedHandler blocked;

	/** The source of the event that was handled at the last look. */
	private @Nullable EventSource source;

	/** The number of that event. */
	private long number;

	/** For how long, as far as the looks have shown. */
	private long nanos;

	/** When to look at its handler. */
	private long nextNanos;

	private Instant since = Instant.EPOCH;

	/** Whether the log has been told of the handler that blocks. */
	private boolean told;

	/**
	 * Creates a watch.
	 * @param loop the loop
	 * @param warnAfter how long a handler may take, more than zero
	 * @param names what a log line calls a handler
	 * @param listener told by the thread of the watch of each handler that blocks, when
	 * it is found, each time when the duration has doubled, and when it has returned
	 */
	public HandlerWatch(MainLoop loop, Duration warnAfter, Function<RunningHandler, String> names,
			Consumer<BlockedHandler> listener) {
		this.cycle = loop.cycle();
		this.warnAfterNanos = Nanos.of("warnAfter", warnAfter);
		if (this.warnAfterNanos <= 0) {
			throw new IllegalArgumentException("'warnAfter' must be more than zero but is " + warnAfter);
		}
		this.names = Objects.requireNonNull(names, "'names' must not be null");
		this.listener = Objects.requireNonNull(listener, "'listener' must not be null");
		this.thread = Affinity.thread(this::run, this.cycle.name().thread() + "-watch");
		this.thread.setDaemon(true);
	}

	/**
	 * Begins to watch, once.
	 * @throws IllegalThreadStateException if it has begun
	 */
	public void start() {
		this.thread.start();
	}

	/** Ends the watch. */
	@Override
	public void close() {
		this.closed.countDown();
		this.bursts.close();
	}

	/**
	 * Tells which handler blocks the loop.
	 * @return the handler, with its duration until now, or {@code null} if none does
	 */
	public @Nullable BlockedHandler blocked() {
		return this.blocked;
	}

	private void run() {
		long interval = Math.max(NANOS_PER_MILLI, this.warnAfterNanos / 2);
		long latest = System.nanoTime();
		while (!isClosedWithin(interval)) {
			long now = System.nanoTime();
			try {
				look((now - latest < 2 * interval) ? now - latest : interval / 2);
				this.bursts.sumUp();
			}
			catch (Throwable ex) {
				failed(ex);
			}
			latest = now;
		}
	}

	private boolean isClosedWithin(long nanos) {
		try {
			return this.closed.await(nanos, TimeUnit.NANOSECONDS);
		}
		catch (InterruptedException ex) {
			return true;
		}
	}

	private void failed(Throwable thrown) {
		try {
			BlockedHandler known = this.blocked;
			String handler = (known != null) ? LogText.of(known.handler()) : "none";
			this.bursts.log(this.failures, () -> keyed(logger.atError()).setCause(LogThrowable.of(thrown))
				.addKeyValue(LogKeys.HANDLER, handler)
				.log("The watch for handlers that block%s, or its listener, has failed to look once; blocked by: %s"
					.formatted(this.cycle.name().on(), handler)));
		}
		catch (Throwable ex) {
			// The next look may be better.
		}
	}

	private void sumUpFailures(long times) {
		keyed(logger.atError()).addKeyValue(LogKeys.REPETITIONS, times)
			.log("The watch for handlers that block%s, or its listener, has failed to look %d more times within %d s"
				.formatted(this.cycle.name().on(), times, BurstLog.WINDOW.toSeconds()));
	}

	/**
	 * Looks at the loop.
	 * @param elapsed the time since the last look, but for what the process stood still
	 */
	private void look(long elapsed) {
		EventSource current = this.cycle.dispatcher().latest();
		if (current == null || !isHandled(current) || this.cycle.isWaiting() || !this.cycle.isOwned()) {
			returned();
			begin(current);
			return;
		}
		this.nanos += elapsed;
		if (this.nanos >= this.nextNanos) {
			this.nextNanos = 2 * this.nanos;
			RunningHandler running = this.cycle.runningHandler();
			if (running != null && isHandled(current)) {
				found(current, running);
			}
		}
		BlockedHandler known = this.blocked;
		if (known != null) {
			this.blocked = new BlockedHandler(known.handler(), known.since(), Duration.ofNanos(this.nanos),
					known.stack(), false, null);
		}
	}

	/** Whether the event is handled still that was handled at the last look. */
	private boolean isHandled(EventSource current) {
		return current == this.source && current.statistics().number() == this.number;
	}

	private void begin(@Nullable EventSource current) {
		this.source = current;
		this.number = (current != null) ? current.statistics().number() : 0;
		this.nanos = 0;
		this.nextNanos = this.warnAfterNanos;
		this.since = Instant.now();
	}

	private void found(EventSource current, RunningHandler running) {
		current.statistics().ask(this.number);
		BlockedHandler known = this.blocked;
		BlockedHandler found = new BlockedHandler(this.names.apply(running), this.since, Duration.ofNanos(this.nanos),
				running.stack(), false, null);
		if (known != null && !known.handler().equals(found.handler())) {
			// An event may have several handlers.
			returned();
		}
		boolean first = this.blocked == null;
		this.blocked = found;
		if (first) {
			this.told = false;
			this.bursts.log(new Blocking(this.cycle.name(), found.handler()), () -> {
				this.told = true;
				logBlocked(found);
			});
		}
		else if (this.told) {
			logBlocked(found);
		}
		this.listener.accept(found);
	}

	private void returned() {
		BlockedHandler known = this.blocked;
		EventSource handled = this.source;
		if (known == null || handled == null) {
			return;
		}
		BlockedHandler ended = new BlockedHandler(known.handler(), known.since(), known.duration(), known.stack(), true,
				handled.statistics().answer(this.number));
		this.blocked = null;
		if (this.told) {
			logReturned(ended);
		}
		this.listener.accept(ended);
	}

	private void logBlocked(BlockedHandler found) {
		line(found).log("The handler '%s' has blocked the %s for %d ms: %s".formatted(LogText.of(found.handler()),
				this.cycle.name(), found.duration().toMillis(), lines(found.stack())));
	}

	private void logReturned(BlockedHandler ended) {
		LoggingEventBuilder line = line(ended);
		String event = ended.event();
		((event != null) ? line.addKeyValue(LogKeys.EVENT, event) : line)
			.log("The handler '%s' has returned after it blocked the %s for %d ms%s".formatted(
					LogText.of(ended.handler()), this.cycle.name(), ended.duration().toMillis(),
					(event != null) ? ", for " + event : ""));
	}

	/** Begins a line with what is known of a handler whether it has returned or not. */
	private LoggingEventBuilder line(BlockedHandler handler) {
		return keyed(logger.atWarn()).addKeyValue(LogKeys.SOURCE, String.valueOf(this.source))
			.addKeyValue(LogKeys.HANDLER, LogText.of(handler.handler()))
			.addKeyValue(LogKeys.DURATION, handler.duration().toMillis());
	}

	private LoggingEventBuilder keyed(LoggingEventBuilder line) {
		return line.addKeyValue(LogKeys.LOOP, this.cycle.name().name());
	}

	private static String lines(List<StackTraceElement> stack) {
		return stack.stream().map((frame) -> "%n\tat %s".formatted(frame)).collect(Collectors.joining());
	}

	private void sumUpOthers(long times) {
		keyed(logger.atWarn()).addKeyValue(LogKeys.REPETITIONS, times)
			.log("Other handlers have blocked the %s %d more times within %d s".formatted(this.cycle.name(), times,
					BurstLog.WINDOW.toSeconds()));
	}

	/**
	 * Handlers of one name that block.
	 *
	 * @param loop their loop
	 * @param handler the name
	 */
	private record Blocking(LoopName loop, String handler) implements BurstLog.Kind {

		@Override
		public void sumUp(long times) {
			logger.atWarn()
				.addKeyValue(LogKeys.LOOP, this.loop.name())
				.addKeyValue(LogKeys.HANDLER, LogText.of(this.handler))
				.addKeyValue(LogKeys.REPETITIONS, times)
				.log("The handler '%s' has blocked the %s %d more times within %d s".formatted(LogText.of(this.handler),
						this.loop, times, BurstLog.WINDOW.toSeconds()));
		}

	}

}

package dev.mainloop;

import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.stream.Collectors;

import dev.mainloop.log.LogText;
import dev.mainloop.log.LogThrowable;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Looks for handlers that block their loop, with a thread of its own that looks twice in
 * the time which they may take, and costs the loop nothing. One that takes longer is
 * named in the log, with what it is doing, and again each time when that has doubled;
 * when it has returned the log has its event. What one handler does again within
 * {@value #WINDOW_SECONDS} seconds is summed up.
 * <p>
 * A process that stands still as a whole, as for a garbage collection, a debugger or a
 * suspension, stops the watch, too: what that takes is not blamed on the handler.
 */
public final class HandlerWatch implements AutoCloseable {

	/** How long repetitions are only counted after one was logged. */
	static final int WINDOW_SECONDS = 10;

	private static final Logger logger = LoggerFactory.getLogger(HandlerWatch.class);

	/** More handlers than these that block are summed up as one. */
	private static final int MOST_BURSTS = 32;

	private static final String OTHERS = "others";

	private static final int NANOS_PER_MILLI = 1_000_000;

	private final DutyCycle cycle;

	private final long warnAfterNanos;

	private final Function<RunningHandler, String> names;

	private final Consumer<BlockedHandler> listener;

	private final Thread thread;

	private final Map<String, Burst> bursts = new HashMap<>();

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
		this.thread = new Thread(this::run, "mainloop-watch");
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
				sumUp(now);
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

	private static void failed(Throwable thrown) {
		try {
			logger.error("The watch for handlers that block has failed to look once", LogThrowable.of(thrown));
		}
		catch (Throwable ex) {
			// The next look may be better.
		}
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
		BlockedHandler found = new BlockedHandler(this.names.apply(running), this.since, Duration.ofNanos(this.nanos),
				running.stack(), false, null);
		boolean first = this.blocked == null;
		this.blocked = found;
		if (first) {
			this.told = isToTell(found);
		}
		if (this.told) {
			logger.warn("The handler '%s' has blocked the main loop for %d ms: %s"
				.formatted(LogText.of(found.handler()), found.duration().toMillis(), lines(found.stack())));
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
			logger.warn("The handler '%s' has returned after it blocked the main loop for %d ms%s".formatted(
					LogText.of(ended.handler()), ended.duration().toMillis(),
					(ended.event() != null) ? ", for " + ended.event() : ""));
		}
		this.listener.accept(ended);
	}

	private static String lines(List<StackTraceElement> stack) {
		return stack.stream().map((frame) -> "%n\tat %s".formatted(frame)).collect(Collectors.joining());
	}

	/**
	 * Whether the log is told of a handler; of some it is told only how many there were.
	 */
	private boolean isToTell(BlockedHandler found) {
		String kind = (this.bursts.size() < MOST_BURSTS || this.bursts.containsKey(found.handler())) ? found.handler()
				: OTHERS;
		Burst burst = this.bursts.get(kind);
		if (burst == null) {
			this.bursts.put(kind, new Burst(System.nanoTime() + Duration.ofSeconds(WINDOW_SECONDS).toNanos()));
			return true;
		}
		burst.repetitions++;
		return false;
	}

	private void sumUp(long now) {
		for (Iterator<Map.Entry<String, Burst>> all = this.bursts.entrySet().iterator(); all.hasNext();) {
			Map.Entry<String, Burst> entry = all.next();
			if (now - entry.getValue().end >= 0) {
				int repetitions = entry.getValue().repetitions;
				all.remove();
				if (repetitions > 0) {
					logger.warn("The handler '%s' has blocked the main loop %d more times within %d s"
						.formatted(LogText.of(entry.getKey()), repetitions, WINDOW_SECONDS));
				}
			}
		}
	}

	/** Handlers of one name that have blocked since the log was told of one. */
	private static final class Burst {

		private final long end;

		private int repetitions;

		Burst(long end) {
			this.end = end;
		}

	}

}

package dev.mainloop;

import java.time.Duration;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;

import dev.mainloop.log.LogText;
import dev.mainloop.log.LogThrowable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Logs what handlers throw: an error with its event and stack trace, and those of the
 * same handler and type that follow within {@link #WINDOW} as one line with their number,
 * at the end of that time or of the loop.
 * <p>
 * It remembers {@link #MAX_KINDS} kinds of errors at a time and takes all further ones
 * for one kind. For the loop's thread alone.
 */
final class ErrorLog {

	static final Duration WINDOW = Duration.ofSeconds(10);

	static final int MAX_KINDS = 64;

	private static final Logger logger = LoggerFactory.getLogger(ErrorLog.class);

	private static final Kind OTHER = new Kind("Other handlers", "other errors");

	private final Timers timers;

	private final Summary summary = new Summary();

	/** What was logged last, earliest first. */
	private final Map<Kind, Burst> bursts = new LinkedHashMap<>();

	private long unlogged;

	/**
	 * Creates a log.
	 * @param timers those of the loop, on the monotonic clock
	 */
	ErrorLog(Timers timers) {
		this.timers = timers;
	}

	/**
	 * Logs an error.
	 * @param failed what failed, the beginning of a sentence
	 * @param event the event that it failed for
	 * @param error what it threw
	 */
	void add(String failed, Object event, Throwable error) {
		long now = this.timers.now();
		sumUp(now);
		Kind kind = new Kind(LogText.of(failed), LogText.of(error.getClass().getName()));
		if (this.bursts.size() >= MAX_KINDS && !this.bursts.containsKey(kind)) {
			kind = OTHER;
		}
		Burst burst = this.bursts.get(kind);
		if (burst == null) {
			this.bursts.put(kind, new Burst(now + WINDOW.toNanos()));
			logger.error("%s failed for %s".formatted(LogText.of(failed), LogText.of(event)), LogThrowable.of(error));
		}
		else {
			burst.repetitions++;
			this.summary.schedule(burst);
		}
	}

	/**
	 * Notes that an error could not even be logged, which the next one may be.
	 */
	void missed() {
		this.unlogged++;
	}

	/** Logs what has not been logged yet. */
	void sumUp() {
		this.summary.cancel();
		logMissed();
		this.bursts.forEach(ErrorLog::logRepetitions);
		this.bursts.clear();
	}

	private void sumUp(long now) {
		logMissed();
		Iterator<Map.Entry<Kind, Burst>> entries = this.bursts.entrySet().iterator();
		while (entries.hasNext()) {
			Map.Entry<Kind, Burst> entry = entries.next();
			if (now - entry.getValue().end < 0) {
				return;
			}
			logRepetitions(entry.getKey(), entry.getValue());
			entries.remove();
		}
	}

	private void logMissed() {
		if (this.unlogged > 0) {
			logger.error("Errors of handlers that could not be logged: %d".formatted(this.unlogged));
			this.unlogged = 0;
		}
	}

	private static void logRepetitions(Kind kind, Burst burst) {
		if (burst.repetitions > 0) {
			logger.error("%s failed %d more times with %s within %d s".formatted(kind.failed, burst.repetitions,
					kind.errorType, WINDOW.toSeconds()));
		}
	}

	/**
	 * What makes two errors the same.
	 *
	 * @param failed what failed
	 * @param errorType the name of the class of what it threw
	 */
	private record Kind(String failed, String errorType) {

	}

	/** The end of the first burst that has something to sum up. */
	private final class Summary extends Deadline {

		Summary() {
			super("summary of errors");
		}

		void schedule(Burst burst) {
			if (!isPlaced()) {
				this.order = deadlines().nextOrder();
				deadlines().add(this, burst.end);
			}
		}

		void cancel() {
			if (isPlaced()) {
				deadlines().remove(this);
			}
		}

		private Deadlines deadlines() {
			return ErrorLog.this.timers.deadlines();
		}

		@Override
		void expired(long now) {
			cancel();
			sumUp(now);
			ErrorLog.this.bursts.values()
				.stream()
				.filter((burst) -> burst.repetitions > 0)
				.findFirst()
				.ifPresent(this::schedule);
		}

		@Override
		Loop loop() {
			return ErrorLog.this.timers.loop();
		}

	}

	/** Errors of a kind since one was logged. */
	private static final class Burst {

		private final long end;

		private long repetitions;

		Burst(long end) {
			this.end = end;
		}

	}

}

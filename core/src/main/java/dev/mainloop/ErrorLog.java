package dev.mainloop;

import java.time.Duration;

import dev.mainloop.log.BurstLog;
import dev.mainloop.log.LogKeys;
import dev.mainloop.log.LogText;
import dev.mainloop.log.LogThrowable;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Logs what handlers throw: an error with its event and stack trace, and those of the
 * same handler and type that follow as one line with their number, at the end of the
 * {@link BurstLog#WINDOW} or of the loop. For the loop's thread alone.
 */
final class ErrorLog {

	private static final Logger logger = LoggerFactory.getLogger(ErrorLog.class);

	private final Timers timers;

	private final Summary summary = new Summary();

	private final BurstLog bursts;

	private long unlogged;

	private @Nullable Object lastUnlogged;

	/**
	 * Creates a log.
	 * @param timers those of the loop, on the monotonic clock
	 */
	ErrorLog(Timers timers) {
		this.timers = timers;
		this.bursts = new BurstLog(timers::now, this.summary::schedule, this::sumUpOthers);
	}

	/**
	 * Logs an error.
	 * @param source the event source
	 * @param handler what the handler is called
	 * @param event the event that it was called for
	 * @param error what it threw
	 */
	void add(EventSource source, String handler, Object event, Throwable error) {
		add("The handler of '%s'%s", source, handler, event, error);
	}

	/**
	 * Logs an error of the error handler.
	 * @param source the event source whose handler has failed
	 * @param handler what that handler is called
	 * @param event the event that it was called for
	 * @param error what the error handler threw
	 */
	void addOfErrorHandler(EventSource source, String handler, Object event, Throwable error) {
		add("The error handler, told of '%s'%s,", source, handler, event, error);
	}

	private void add(String subject, EventSource source, String handler, Object event, Throwable error) {
		logMissed();
		LoopName loop = loop();
		Kind kind = new Kind(subject.formatted(LogText.of(handler), loop.on()), loop.name(), source.toString(),
				LogText.of(handler), LogText.of(error.getClass().getName()));
		this.bursts.log(kind, () -> {
			String text = LogText.of(event);
			logger.atError()
				.setCause(LogThrowable.of(error))
				.addKeyValue(LogKeys.LOOP, kind.loop)
				.addKeyValue(LogKeys.SOURCE, kind.source)
				.addKeyValue(LogKeys.HANDLER, kind.handler)
				.addKeyValue(LogKeys.EVENT, text)
				.log("%s failed for %s".formatted(kind.subject, text));
		});
	}

	private LoopName loop() {
		return this.timers.loop().name();
	}

	/**
	 * Notes that an error could not be logged, which the next one may be.
	 * @param failed what has failed, such as an event source
	 */
	void missed(Object failed) {
		this.unlogged++;
		this.lastUnlogged = failed;
	}

	/** Logs what has not been logged yet. */
	void sumUp() {
		this.summary.cancel();
		logMissed();
		this.bursts.sumUpAll();
	}

	private void logMissed() {
		long missed = this.unlogged;
		if (missed > 0) {
			String last = LogText.of(this.lastUnlogged);
			logger.atError()
				.addKeyValue(LogKeys.LOOP, loop().name())
				.addKeyValue(LogKeys.SOURCE, last)
				.addKeyValue(LogKeys.REPETITIONS, missed)
				.log("Errors that could not be logged: %d, the last of '%s'%s".formatted(missed, last, loop().on()));
			this.unlogged = 0;
			this.lastUnlogged = null;
		}
	}

	private void sumUpOthers(long errors) {
		logger.atError()
			.addKeyValue(LogKeys.LOOP, loop().name())
			.addKeyValue(LogKeys.REPETITIONS, errors)
			.log("Other handlers%s failed %d more times within %d s".formatted(loop().on(), errors,
					BurstLog.WINDOW.toSeconds()));
	}

	/**
	 * What makes two errors the same.
	 *
	 * @param subject what failed, the beginning of a sentence
	 * @param loop the name of the loop
	 * @param source the event source
	 * @param handler what the handler is called
	 * @param errorType the name of the class of what it threw
	 */
	private record Kind(String subject, String loop, String source, String handler,
			String errorType) implements BurstLog.Kind {

		@Override
		public void sumUp(long errors) {
			logger.atError()
				.addKeyValue(LogKeys.LOOP, this.loop)
				.addKeyValue(LogKeys.SOURCE, this.source)
				.addKeyValue(LogKeys.HANDLER, this.handler)
				.addKeyValue(LogKeys.REPETITIONS, errors)
				.log("%s failed %d more times with %s within %d s".formatted(this.subject, errors, this.errorType,
						BurstLog.WINDOW.toSeconds()));
		}

	}

	/** When there is something to sum up. */
	private final class Summary extends Deadline {

		private @Nullable Runnable task;

		Summary() {
			super("summary of errors");
		}

		void schedule(Duration delay, Runnable task) {
			cancel();
			this.task = task;
			this.order = deadlines().nextOrder();
			deadlines().add(this, Nanos.plus(ErrorLog.this.timers.now(), delay.toNanos()));
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
			Runnable due = this.task;
			if (due != null) {
				due.run();
			}
		}

		@Override
		Loop loop() {
			return ErrorLog.this.timers.loop();
		}

	}

}

package dev.mainloop;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

import dev.mainloop.log.LogKeys;
import dev.mainloop.log.LogText;
import dev.mainloop.log.LogThrowable;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What becomes of what the handlers of a loop throw: the error handler or the log is
 * told, and an event source whose handler fails too often is given up.
 */
final class Errors {

	private static final Logger logger = LoggerFactory.getLogger(Errors.class);

	private final Life life;

	private final ErrorLog log;

	private final @Nullable ErrorHandler handler;

	private final ErrorPolicy policy;

	private final int limit;

	private final List<Disabled> disabled = new CopyOnWriteArrayList<>();

	/**
	 * Creates them.
	 * @param life the life of the loop
	 * @param log logs what the error handler is not told
	 * @param handler the error handler, or {@code null} for the log alone
	 * @param policy what to do with a handler that fails again and again
	 * @param limit how many errors in a row are too many
	 */
	Errors(Life life, ErrorLog log, @Nullable ErrorHandler handler, ErrorPolicy policy, int limit) {
		this.life = life;
		this.log = log;
		this.handler = handler;
		this.policy = policy;
		this.limit = limit;
	}

	/**
	 * Takes what a handler has thrown, on the loop's thread. Throws nothing itself.
	 * @param source the event source
	 * @param event the event as the source dispatches it
	 * @param thrown what its handler threw
	 */
	void happened(EventSource source, Object event, Throwable thrown) {
		HandlerFailedException named = (thrown instanceof HandlerFailedException ex) ? ex : null;
		Throwable error = (named != null) ? named.error() : thrown;
		String handler = (named != null) ? named.handler() : source.description();
		boolean tooOften = source.failed() >= this.limit && this.policy != ErrorPolicy.CONTINUE;
		try {
			tell(source, handler, (named != null) ? named.event() : source.event(event), error);
		}
		catch (Throwable ex) {
			this.log.missed(source);
		}
		if (tooOften) {
			giveUp(source, handler, error);
		}
	}

	private void tell(EventSource source, String handler, Object event, Throwable error) {
		if (this.handler != null) {
			try {
				this.handler.handleError(source, event, error);
				return;
			}
			catch (Throwable ex) {
				if (ex != error) {
					this.log.addOfErrorHandler(source, handler, event, ex);
				}
			}
		}
		this.log.add(source, handler, event, error);
	}

	private void giveUp(EventSource source, String handler, Throwable error) {
		if (this.policy == ErrorPolicy.STOP) {
			this.life.fail(error);
		}
		if (source.state() == EventSource.State.CLOSED) {
			return;
		}
		try {
			source.disable(error);
			logger.atError()
				.addKeyValue(LogKeys.LOOP, this.life.name().name())
				.addKeyValue(LogKeys.SOURCE, source.toString())
				.addKeyValue(LogKeys.HANDLER, LogText.of(handler))
				.addKeyValue(LogKeys.REPETITIONS, this.limit)
				.log(("The event source %s is disabled, as it failed %d times in a row, at last in '%s' with %s: "
						+ "it gets no events until its resume() is called, see MainLoop.disabledSources()")
					.formatted(source.quoted(), this.limit, LogText.of(handler), LogText.of(error)));
		}
		catch (Throwable ex) {
			this.log.missed(source);
		}
	}

	/**
	 * Notes that a listener has thrown, which is not called any more.
	 * @param listener the listener
	 * @param thrown what it threw
	 */
	void listenerFailed(Object listener, Throwable thrown) {
		try {
			logger.atError()
				.setCause(LogThrowable.of(thrown))
				.addKeyValue(LogKeys.LOOP, this.life.name().name())
				.log(("The listener %s%s has failed, and is not called any more").formatted(LogText.of(listener),
						this.life.name().on()));
		}
		catch (Throwable ex) {
			this.log.missed(listener);
		}
	}

	void disabled(EventSource source, Throwable cause) {
		this.disabled.add(new Disabled(source, cause));
	}

	void enabled(EventSource source) {
		this.disabled.removeIf((some) -> some.source == source);
	}

	@Nullable Throwable failure(EventSource source) {
		for (Disabled some : this.disabled) {
			if (some.source == source) {
				return some.cause;
			}
		}
		return null;
	}

	List<EventSource> disabled() {
		return this.disabled.stream().map(Disabled::source).toList();
	}

	/** Logs what has not been logged yet. */
	void sumUp() {
		try {
			this.log.sumUp();
		}
		catch (Throwable ex) {
			// The next error or end of the loop is another occasion.
		}
	}

	/**
	 * An event source that is disabled.
	 *
	 * @param source the source
	 * @param cause what its handler threw last
	 */
	private record Disabled(EventSource source, Throwable cause) {

	}

}

package dev.mainloop.test;

import java.util.ArrayList;
import java.util.List;

import dev.mainloop.ErrorHandler;
import dev.mainloop.EventSource;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import org.springframework.beans.factory.DisposableBean;

/**
 * What handlers have thrown and the test does not know yet.
 */
final class HandlerErrors implements ErrorHandler, DisposableBean {

	private static final Logger logger = LoggerFactory.getLogger(HandlerErrors.class);

	private final List<UnhandledErrorException> errors = new ArrayList<>();

	@Override
	public synchronized void handleError(EventSource source, Object event, Throwable error) {
		this.errors.add(new UnhandledErrorException(source.description(), error));
	}

	/** Throws the first, with the others as suppressed, if there are any. */
	synchronized void rethrow() {
		if (!this.errors.isEmpty()) {
			UnhandledErrorException first = this.errors.remove(0);
			moveTo(first);
			throw first;
		}
	}

	/** Tells of them by something else that is thrown. */
	synchronized void moveTo(Throwable thrown) {
		this.errors.forEach(thrown::addSuppressed);
		this.errors.clear();
	}

	/** Logs those of the messages that were handled as the application ended. */
	@Override
	public synchronized void destroy() {
		this.errors.forEach((error) -> logger.error(error.getMessage(), error.getCause()));
	}

}

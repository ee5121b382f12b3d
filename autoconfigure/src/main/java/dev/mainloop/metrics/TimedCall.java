package dev.mainloop.metrics;

import java.util.concurrent.TimeUnit;

import dev.mainloop.handler.HandlerCall;
import dev.mainloop.handler.HandlerCallDecorator;
import io.micrometer.core.instrument.Clock;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.Timer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Calls a handler method, and records how long it takes. A failure to record is told the
 * log, and ends that.
 *
 * @param <E> the type of the events
 */
final class TimedCall<E> implements HandlerCall<E> {

	private static final Logger logger = LoggerFactory.getLogger(TimedCall.class);

	private final HandlerCall<E> call;

	private final MeterRegistry registry;

	private final Clock clock;

	private final Tags method;

	/** Records the calls that do not fail, unless that has failed. */
	private @Nullable Timer timer;

	/**
	 * Creates a call.
	 * @param call calls the method
	 * @param registry where its times are recorded
	 * @param method what they are tagged with
	 */
	TimedCall(HandlerCall<E> call, MeterRegistry registry, Tags method) {
		this.call = call;
		this.registry = registry;
		this.clock = registry.config().clock();
		this.method = method;
		this.timer = timer(null);
	}

	private Timer timer(@Nullable Throwable thrown) {
		return Timer.builder("mainloop.handler")
			.description("Time that handler methods take")
			.tags(this.method)
			.tag("exception", HandlerCallDecorator.exceptionName(thrown))
			.register(this.registry);
	}

	@Override
	public void invoke(E event) throws Exception {
		long start = this.clock.monotonicTime();
		Throwable thrown = null;
		try {
			this.call.invoke(event);
		}
		catch (Exception | Error ex) {
			thrown = ex;
			throw ex;
		}
		finally {
			record(this.clock.monotonicTime() - start, thrown);
		}
	}

	private void record(long nanos, @Nullable Throwable thrown) {
		Timer successes = this.timer;
		if (successes == null) {
			return;
		}
		try {
			Timer recorder = (thrown == null) ? successes : timer(thrown);
			recorder.record(nanos, TimeUnit.NANOSECONDS);
		}
		catch (Exception | Error ex) {
			this.timer = null;
			logger.error("The times of the handler %s are not recorded any more".formatted(this.method), ex);
		}
	}

}

package dev.mainloop.metrics;

import java.lang.annotation.Annotation;
import java.lang.reflect.Method;
import java.util.Arrays;
import java.util.concurrent.TimeUnit;

import dev.mainloop.EventSource;
import dev.mainloop.MainLoop;
import dev.mainloop.SourceStatistics;
import dev.mainloop.handler.HandlerCall;
import dev.mainloop.handler.HandlerCallDecorator;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tag;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.Timer;

/**
 * Measures how long the handler methods of a loop take and its events wait, of those
 * events that the loop measures, see {@link SourceStatistics}.
 */
public final class MainLoopTimers implements HandlerCallDecorator {

	private final MainLoop loop;

	private final MeterRegistry registry;

	private final Tags tags;

	/**
	 * Creates the timers of a loop, and becomes its {@linkplain MainLoop#lagListener lag
	 * listener}.
	 * @param loop the loop
	 * @param registry where the timers are registered
	 * @param tags what they are all to be tagged with, to tell them from those of another
	 * loop
	 */
	public MainLoopTimers(MainLoop loop, MeterRegistry registry, Iterable<Tag> tags) {
		this.loop = loop;
		this.registry = registry;
		this.tags = Tags.of(tags);
		Timer[] lags = Arrays.stream(EventSource.Kind.values()).map(this::lag).toArray(Timer[]::new);
		loop.lagListener((source, nanos) -> lags[source.kind().ordinal()].record(nanos, TimeUnit.NANOSECONDS));
	}

	private Timer lag(EventSource.Kind kind) {
		return Timer.builder("mainloop.lag")
			.description("Time that events have waited for their handlers")
			.tags(this.tags)
			.tag("kind", kind.toString())
			.register(this.registry);
	}

	@Override
	public <E> HandlerCall<E> decorate(HandlerCall<E> call, String beanName, Method method, Annotation annotation) {
		return new TimedCall<>(call, this.loop, this.registry,
				this.tags.and("bean", beanName, "method", method.getName()));
	}

}

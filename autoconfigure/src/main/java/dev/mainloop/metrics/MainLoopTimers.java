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
import dev.mainloop.handler.MainLoops;
import dev.mainloop.handler.Placement;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tag;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.Timer;

/**
 * Measures how long handler methods take and events wait, of those events that their
 * loops measure, see {@link SourceStatistics}.
 */
public final class MainLoopTimers implements HandlerCallDecorator {

	private final MainLoops loops;

	private final MeterRegistry registry;

	private final Tags tags;

	/**
	 * Creates the timers of an application, and becomes the
	 * {@linkplain MainLoop#lagListener lag listener} of its loops.
	 * @param loops its loops
	 * @param registry where the timers are registered
	 * @param tags what they are all to be tagged with, to tell them from those of another
	 * application
	 */
	public MainLoopTimers(MainLoops loops, MeterRegistry registry, Iterable<Tag> tags) {
		this.loops = loops;
		this.registry = registry;
		this.tags = Tags.of(tags);
		loops.forEach((place, loop) -> {
			Timer[] lags = Arrays.stream(EventSource.Kind.values())
				.map((kind) -> lag(place, kind))
				.toArray(Timer[]::new);
			loop.lagListener((source, nanos) -> lags[source.kind().ordinal()].record(nanos, TimeUnit.NANOSECONDS));
		});
	}

	private Timer lag(Placement place, EventSource.Kind kind) {
		return Timer.builder("mainloop.lag")
			.description("Time that events have waited for their handlers")
			.tags(tags(place))
			.tag("kind", kind.toString())
			.register(this.registry);
	}

	private Tags tags(Placement place) {
		return Tags.of(MainLoopMetrics.LOOP, place.loop()).and(this.tags);
	}

	@Override
	public boolean isForMeasured() {
		return true;
	}

	@Override
	public <E> HandlerCall<E> decorate(HandlerCall<E> call, Placement place, String beanName, Method method,
			Annotation annotation) {
		return new TimedCall<>(call, this.registry, tags(place).and("bean", beanName, "method", method.getName()));
	}

}

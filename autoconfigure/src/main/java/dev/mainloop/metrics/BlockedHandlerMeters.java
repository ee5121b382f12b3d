package dev.mainloop.metrics;

import java.lang.annotation.Annotation;
import java.lang.reflect.Method;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;

import dev.mainloop.BlockedHandler;
import dev.mainloop.MainLoop;
import dev.mainloop.handler.HandlerCall;
import dev.mainloop.handler.HandlerCallDecorator;
import dev.mainloop.handler.MainLoops;
import dev.mainloop.handler.Placement;
import dev.mainloop.health.BlockedHandlerEvent;
import io.micrometer.core.instrument.FunctionTimer;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tag;
import io.micrometer.core.instrument.Tags;
import org.jspecify.annotations.Nullable;

import org.springframework.context.ApplicationListener;
import org.springframework.context.PayloadApplicationEvent;
import org.springframework.core.Ordered;

/**
 * Shows how often handlers have blocked their main loop, and for how long. One is counted
 * as soon as the watch has found it, and its time grows while it blocks. Every handler
 * method has a meter from the start, and handlers that are no method of a bean share one.
 * The calls stay as they are. It has to be kept as long as its meters are to be read.
 */
public final class BlockedHandlerMeters
		implements HandlerCallDecorator, ApplicationListener<PayloadApplicationEvent<BlockedHandlerEvent>>, Ordered {

	/** The name of bean and method where there is none. */
	private static final String NONE = "none";

	private final MainLoops loops;

	private final Function<MainLoop, @Nullable BlockedHandler> blocked;

	private final MeterRegistry registry;

	private final Tags tags;

	private final Map<String, BlockedTime> times = new ConcurrentHashMap<>();

	/** What is known of each loop. */
	private final Map<MainLoop, Latest> latest = new HashMap<>();

	/**
	 * Creates the meters of an application.
	 * @param loops its loops
	 * @param blocked tells which handler blocks a loop, if any does, as the events say
	 * @param registry where the meters are registered
	 * @param tags what they are all to be tagged with, to tell them from those of another
	 * application
	 */
	public BlockedHandlerMeters(MainLoops loops, Function<MainLoop, @Nullable BlockedHandler> blocked,
			MeterRegistry registry, Iterable<Tag> tags) {
		this.loops = loops;
		this.blocked = blocked;
		this.registry = registry;
		this.tags = Tags.of(tags);
		loops.forEach((place, loop) -> this.latest.put(loop, new Latest(register(place, loop, NONE, NONE))));
	}

	private BlockedTime register(Placement place, MainLoop loop, String bean, String method) {
		BlockedTime time = new BlockedTime(loop);
		FunctionTimer.builder("mainloop.blocked", time, BlockedTime::count, BlockedTime::nanos, TimeUnit.NANOSECONDS)
			.description("Time for which handlers have blocked the loop")
			.tags(Tags.of(MainLoopMetrics.LOOP, place.loop()).and(this.tags).and("bean", bean, "method", method))
			.register(this.registry);
		return time;
	}

	@Override
	public <E> HandlerCall<E> decorate(HandlerCall<E> call, Placement place, String beanName, Method method,
			Annotation annotation) {
		this.times.computeIfAbsent(beanName + "." + method.getName(),
				(name) -> register(place, this.loops.get(place), beanName, method.getName()));
		return call;
	}

	@Override
	public void onApplicationEvent(PayloadApplicationEvent<BlockedHandlerEvent> event) {
		add(event.getPayload().loop(), event.getPayload().blocked());
	}

	/** The events have to come in their order. */
	@Override
	public boolean supportsAsyncExecution() {
		return false;
	}

	/** Before the listeners of the application, which may fail. */
	@Override
	public int getOrder() {
		return HIGHEST_PRECEDENCE;
	}

	private synchronized void add(MainLoop loop, BlockedHandler handler) {
		Latest known = this.latest.get(loop);
		if (known == null) {
			return;
		}
		BlockedTime time = this.times.getOrDefault(handler.handler(), known.others);
		if (!handler.since().equals(known.since)) {
			known.since = handler.since();
			known.nanos = 0;
			time.count++;
		}
		long nanos = handler.duration().toNanos();
		time.nanos += nanos - known.nanos;
		known.nanos = nanos;
	}

	/**
	 * Adds what the last look has shown. Under the lock, so that none is added after the
	 * event that it has returned.
	 */
	private synchronized void addLatest(MainLoop loop) {
		BlockedHandler handler = this.blocked.apply(loop);
		if (handler != null) {
			add(loop, handler);
		}
	}

	/** What is known of the handlers of a loop, guarded by the lock of the meters. */
	private static final class Latest {

		private final BlockedTime others;

		/** When the handler began that blocked last. */
		private @Nullable Instant since;

		/** For how long it has, as far as that is counted. */
		private long nanos;

		Latest(BlockedTime others) {
			this.others = others;
		}

	}

	/** What is known of a handler, guarded by the lock of the meters. */
	private final class BlockedTime {

		private final MainLoop loop;

		private long count;

		private long nanos;

		BlockedTime(MainLoop loop) {
			this.loop = loop;
		}

		long count() {
			synchronized (BlockedHandlerMeters.this) {
				addLatest(this.loop);
				return this.count;
			}
		}

		double nanos() {
			synchronized (BlockedHandlerMeters.this) {
				addLatest(this.loop);
				return this.nanos;
			}
		}

	}

}

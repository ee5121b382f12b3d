package dev.mainloop.metrics;

import java.lang.annotation.Annotation;
import java.lang.reflect.Method;
import java.time.Instant;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

import dev.mainloop.BlockedHandler;
import dev.mainloop.MainLoop;
import dev.mainloop.handler.HandlerCall;
import dev.mainloop.handler.HandlerCallDecorator;
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
 * Shows how often handlers have blocked a main loop, and for how long. One is counted as
 * soon as the watch has found it, and its time grows while it blocks. Every handler
 * method has a meter from the start, and handlers that are no method of a bean share one.
 * The calls stay as they are. It has to be kept as long as its meters are to be read.
 */
public final class BlockedHandlerMeters
		implements HandlerCallDecorator, ApplicationListener<PayloadApplicationEvent<BlockedHandlerEvent>>, Ordered {

	/** The name of bean and method where there is none. */
	private static final String NONE = "none";

	private final MainLoop loop;

	private final Supplier<@Nullable BlockedHandler> blocked;

	private final MeterRegistry registry;

	private final Tags tags;

	private final Map<String, BlockedTime> times = new ConcurrentHashMap<>();

	private final BlockedTime others;

	/** When the handler began that blocked last. */
	private @Nullable Instant since;

	/** For how long it has, as far as that is counted. */
	private long nanos;

	/**
	 * Creates the meters of a loop.
	 * @param loop the loop
	 * @param blocked tells which handler blocks it, if any does, as the events say
	 * @param registry where the meters are registered
	 * @param tags what they are all to be tagged with, to tell them from those of another
	 * loop
	 */
	public BlockedHandlerMeters(MainLoop loop, Supplier<@Nullable BlockedHandler> blocked, MeterRegistry registry,
			Iterable<Tag> tags) {
		this.loop = loop;
		this.blocked = blocked;
		this.registry = registry;
		this.tags = Tags.of(tags);
		this.others = new BlockedTime();
		register(this.others, NONE, NONE);
	}

	private void register(BlockedTime time, String bean, String method) {
		FunctionTimer.builder("mainloop.blocked", time, BlockedTime::count, BlockedTime::nanos, TimeUnit.NANOSECONDS)
			.description("Time for which handlers have blocked the loop")
			.tags(this.tags.and("bean", bean, "method", method))
			.register(this.registry);
	}

	@Override
	public <E> HandlerCall<E> decorate(HandlerCall<E> call, String beanName, Method method, Annotation annotation) {
		BlockedTime time = new BlockedTime();
		if (this.times.putIfAbsent(beanName + "." + method.getName(), time) == null) {
			register(time, beanName, method.getName());
		}
		return call;
	}

	@Override
	public void onApplicationEvent(PayloadApplicationEvent<BlockedHandlerEvent> event) {
		if (event.getPayload().loop() == this.loop) {
			add(event.getPayload().blocked());
		}
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

	private synchronized void add(BlockedHandler handler) {
		BlockedTime time = this.times.getOrDefault(handler.handler(), this.others);
		if (!handler.since().equals(this.since)) {
			this.since = handler.since();
			this.nanos = 0;
			time.count++;
		}
		long latest = handler.duration().toNanos();
		time.nanos += latest - this.nanos;
		this.nanos = latest;
	}

	/**
	 * Adds what the last look has shown. Under the lock, so that none is added after the
	 * event that it has returned.
	 */
	private synchronized void addLatest() {
		BlockedHandler handler = this.blocked.get();
		if (handler != null) {
			add(handler);
		}
	}

	/** What is known of a handler, guarded by the lock of the meters. */
	private final class BlockedTime {

		private long count;

		private long nanos;

		long count() {
			synchronized (BlockedHandlerMeters.this) {
				addLatest();
				return this.count;
			}
		}

		double nanos() {
			synchronized (BlockedHandlerMeters.this) {
				addLatest();
				return this.nanos;
			}
		}

	}

}

package dev.mainloop.observation;

import java.util.Map;
import java.util.Objects;
import java.util.Set;

import dev.mainloop.handler.SenderContext;
import io.micrometer.context.ContextRegistry;
import io.micrometer.context.ThreadLocalAccessor;
import io.micrometer.context.integration.Slf4jThreadLocalAccessor;
import org.jspecify.annotations.Nullable;
import org.slf4j.MDC;

import org.springframework.core.annotation.Order;

/**
 * Takes what Micrometer's context propagation knows of the thread of a sender to the
 * handlers of its messages, and the {@link MDC} with it. Comes before others, as the
 * opening of a trace writes its identifiers into the {@link MDC}.
 */
@Order(0)
public final class ContextPropagation implements SenderContext {

	private final ThreadLocalAccessor<?> mdc = new Slf4jThreadLocalAccessor();

	private final ContextRegistry registry;

	private final Set<String> carriedByOthers;

	/**
	 * Creates the propagation of an application.
	 * @param registry what knows the values of a thread; it may get to know more later
	 * @param carriedByOthers the keys of values that are left to others
	 */
	public ContextPropagation(ContextRegistry registry, Set<String> carriedByOthers) {
		this.registry = registry;
		this.carriedByOthers = carriedByOthers;
	}

	@Override
	public boolean isNoop() {
		return false;
	}

	@Override
	public @Nullable Snapshot capture() {
		boolean hasMdc = false;
		Snapshot others = null;
		for (ThreadLocalAccessor<?> accessor : this.registry.getThreadLocalAccessors()) {
			Object key = accessor.key();
			hasMdc |= Slf4jThreadLocalAccessor.KEY.equals(key);
			if (!this.carriedByOthers.contains(key)) {
				others = both(others, value(accessor));
			}
		}
		return hasMdc ? others : both(value(this.mdc), others);
	}

	private static @Nullable Snapshot both(@Nullable Snapshot outer, @Nullable Snapshot inner) {
		if (outer == null || inner == null) {
			return (outer != null) ? outer : inner;
		}
		return outer.and(inner);
	}

	private static <V> @Nullable Snapshot value(ThreadLocalAccessor<V> accessor) {
		V value = accessor.getValue();
		return (value != null && !isEmptyMdc(accessor, value)) ? new Value<>(accessor, value) : null;
	}

	/**
	 * An MDC from which everything was removed is empty, and has nulls of chosen keys.
	 */
	private static boolean isEmptyMdc(ThreadLocalAccessor<?> accessor, Object value) {
		return Slf4jThreadLocalAccessor.KEY.equals(accessor.key()) && value instanceof Map<?, ?> map
				&& map.values().stream().allMatch(Objects::isNull);
	}

	/**
	 * A value of a thread that goes to another.
	 *
	 * @param <V> its type
	 * @param accessor sets it
	 * @param value the value
	 */
	private record Value<V>(ThreadLocalAccessor<V> accessor, V value) implements Snapshot {

		@Override
		public Scope open() {
			V before = this.accessor.getValue();
			this.accessor.setValue(this.value);
			return (before != null) ? () -> this.accessor.restore(before) : this.accessor::restore;
		}

	}

}

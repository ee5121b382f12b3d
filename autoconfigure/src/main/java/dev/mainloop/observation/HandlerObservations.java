package dev.mainloop.observation;

import java.lang.annotation.Annotation;
import java.lang.reflect.Method;
import java.util.Locale;
import java.util.function.Supplier;

import dev.mainloop.annotation.OnMessage;
import dev.mainloop.handler.HandlerCall;
import dev.mainloop.handler.HandlerCallDecorator;
import dev.mainloop.handler.Placement;
import dev.mainloop.handler.SenderContext;
import io.micrometer.observation.Observation;
import io.micrometer.observation.ObservationRegistry;
import io.micrometer.observation.ObservationView;
import org.jspecify.annotations.Nullable;

/**
 * Has the calls of handler methods observed. A message carries the observation in which
 * it was sent, which is then the parent of those of its handlers, whether it has ended or
 * not. Calls for other events, and for messages that were sent in no observation, have no
 * parent.
 */
public final class HandlerObservations implements HandlerCallDecorator, SenderContext {

	/**
	 * How many parents above each other an observation has at most once it has ended, so
	 * that handlers which send each other messages for ever do not fill the memory.
	 */
	static final int MAX_ANCESTORS = 64;

	private static final HandlerObservationConvention DEFAULT_CONVENTION = new DefaultHandlerObservationConvention();

	private final ObservationRegistry registry;

	private final @Nullable HandlerObservationConvention convention;

	/**
	 * Creates the observations of an application.
	 * @param registry where they are registered; nothing is observed if it is a no-op
	 * when the handlers are found
	 * @param convention names them, {@code null} for the default
	 */
	public HandlerObservations(ObservationRegistry registry, @Nullable HandlerObservationConvention convention) {
		this.registry = registry;
		this.convention = convention;
	}

	@Override
	public boolean isNoop() {
		return this.registry.isNoop();
	}

	@Override
	public @Nullable Snapshot capture() {
		Observation sender = this.registry.getCurrentObservation();
		return (sender != null) ? () -> sender.openScope()::close : null;
	}

	@Override
	public <E> HandlerCall<E> decorate(HandlerCall<E> call, Placement place, String beanName, Method method,
			Annotation annotation) {
		if (isNoop()) {
			return call;
		}
		String kind = kind(annotation);
		boolean takesMessages = annotation instanceof OnMessage;
		return (event) -> observe(
				() -> new HandlerObservationContext(beanName, method, kind, takesMessages ? event : null),
				() -> call.invoke(event));
	}

	private static String kind(Annotation annotation) {
		return annotation.annotationType()
			.getSimpleName()
			.substring("On".length())
			.replaceAll("(?<=[a-z])(?=[A-Z])", "-")
			.toLowerCase(Locale.ROOT);
	}

	private void observe(Supplier<HandlerObservationContext> context, Observation.CheckedRunnable<Exception> call)
			throws Exception {
		Observation observation = HandlerObservationDocumentation.HANDLER_CALL.observation(this.convention,
				DEFAULT_CONVENTION, context, this.registry);
		try {
			observation.observeChecked(call);
		}
		finally {
			endChain(observation.getContext());
		}
	}

	/** Forgets the parent of an observation that has ended if it has many of its own. */
	private static void endChain(Observation.Context context) {
		ObservationView ancestor = context.getParentObservation();
		for (int i = 0; ancestor != null; i++) {
			if (i == MAX_ANCESTORS) {
				context.setParentObservation(null);
				return;
			}
			ancestor = ancestor.getContextView().getParentObservation();
		}
	}

}

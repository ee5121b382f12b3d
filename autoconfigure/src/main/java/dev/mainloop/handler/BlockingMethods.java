package dev.mainloop.handler;

import java.lang.reflect.Method;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

import dev.mainloop.BlockingCalls;
import dev.mainloop.annotation.Blocking;
import org.jspecify.annotations.Nullable;

import org.springframework.core.annotation.MergedAnnotation;
import org.springframework.core.annotation.MergedAnnotations;

/**
 * The calls of the {@link Blocking} methods of the application, which a method that
 * handles several kinds of events has in common. For one thread at a time.
 */
final class BlockingMethods {

	private final MainLoops loops;

	private final Map<List<Object>, BlockingCalls> calls = new HashMap<>();

	BlockingMethods(MainLoops loops) {
		this.loops = loops;
	}

	/**
	 * Returns what begins the calls of a method.
	 * @param bean the bean of the method
	 * @param method the method
	 * @param annotations its annotations
	 * @param place the loop that it is on
	 * @return its calls, {@code null} if the loop's thread is to call it
	 * @throws InvalidHandlerException if no call may run
	 */
	@Nullable BlockingCalls calls(HandlerBean bean, Method method, MergedAnnotations annotations, Placement place) {
		MergedAnnotation<Blocking> blocking = annotations.get(Blocking.class);
		if (!blocking.isPresent()) {
			return null;
		}
		int concurrency = blocking.getInt("concurrency");
		if (concurrency < 1) {
			throw invalid(bean, method, "its 'concurrency' is %d".formatted(concurrency),
					"Set 'concurrency' to 1 or more.");
		}
		String name = HandlerMethod.name(bean.name(), method);
		return this.calls.computeIfAbsent(List.of(name, method, place),
				(key) -> this.loops.get(place).blockingCalls(name, concurrency));
	}

	/**
	 * Describes why a method cannot be called by workers.
	 * @param bean its bean
	 * @param method the method
	 * @param reason half a sentence on what is wrong
	 * @param action a sentence on what to do
	 * @return the exception
	 */
	static InvalidHandlerException invalid(HandlerBean bean, Method method, String reason, String action) {
		return new InvalidHandlerException(
				"%s cannot be @Blocking: %s".formatted(HandlerMethod.description(bean.name(), method), reason), action);
	}

}

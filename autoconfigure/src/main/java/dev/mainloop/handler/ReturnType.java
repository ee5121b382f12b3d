package dev.mainloop.handler;

import java.util.concurrent.Future;

import org.jspecify.annotations.Nullable;

import org.springframework.core.ResolvableType;
import org.springframework.util.ClassUtils;

/**
 * What a handler method returns.
 *
 * @param later what the values come by, {@code null} if they are there at once
 * @param value the type of the values
 * @param valueClass its class, for a primitive one what its values become
 * @param kotlin the types of Kotlin's libraries
 */
record ReturnType(@Nullable LaterType later, ResolvableType value, Class<?> valueClass, KotlinTypes kotlin) {

	/**
	 * Reads the declaration of a method.
	 * @param method the method
	 * @return the type
	 * @throws InvalidHandlerException if it is that of values which do not tell when they
	 * are there
	 */
	static ReturnType of(HandlerMethod method) {
		ResolvableType declared = ResolvableType.forMethodReturnType(method.method(), method.beanType());
		KotlinTypes kotlin = new KotlinTypes(method.method());
		LaterType later = LaterType.of(declared.toClass());
		if (later == null) {
			requirePresent(method, declared.toClass(), kotlin);
		}
		ResolvableType value = (later != null) ? later.valueType(declared) : declared;
		return new ReturnType(later, value, ClassUtils.resolvePrimitiveIfNecessary(value.toClass()), kotlin);
	}

	private static void requirePresent(HandlerMethod method, Class<?> type, KotlinTypes kotlin) {
		if (kotlin.isLater(type)) {
			throw method.invalid("it returns a %s, whose value is not there yet".formatted(type.getSimpleName()),
					"Add kotlinx-coroutines-reactor to the class path, or return nothing, and have the value sent when it "
							+ "is there, as in flow.collect { queue.send(it) } or queue.send(deferred.await()) in a coroutine.");
		}
		if (Future.class.isAssignableFrom(type)) {
			throw method.invalid(
					"it returns a %s, which does not tell when its value is there".formatted(type.getSimpleName()),
					"Return a CompletionStage, such as a CompletableFuture.");
		}
	}

	/** Whether there are no values. */
	boolean isNothing() {
		return this.valueClass == void.class || this.valueClass == Void.class || this.kotlin.isUnit(this.valueClass);
	}

	/** Whether any number of values come later, each of which is a message. */
	boolean isSeveralLater() {
		return this.later != null && this.later.isSeveral();
	}

}

package dev.mainloop.handler;

import java.util.function.Function;

import org.springframework.core.MethodParameter;
import org.springframework.util.ClassUtils;

/**
 * Finds an argument of a handler method in an event.
 *
 * @param <E> the type of the event
 */
interface ArgumentResolver<E> {

	/**
	 * Tells whether this is for a parameter.
	 * @param parameter the parameter
	 * @return {@code true} if it is
	 */
	boolean supports(MethodParameter parameter);

	/**
	 * Finds the argument, on the loop's thread.
	 * @param event the event
	 * @return the argument
	 */
	Object resolve(E event);

	/**
	 * Resolves parameters by their type.
	 * @param <E> the type of the event
	 * @param type what the argument is
	 * @param argument finds it
	 * @return the resolver
	 */
	static <E> ArgumentResolver<E> ofType(Class<?> type, Function<E, Object> argument) {
		return new OfType<>(type, argument);
	}

	/**
	 * Resolves parameters by their type. A record, as the JIT compiler takes the fields
	 * of constant objects for constants only where these are records.
	 *
	 * @param <E> the type of the event
	 * @param type what the argument is
	 * @param argument finds it
	 */
	record OfType<E>(Class<?> type, Function<E, Object> argument) implements ArgumentResolver<E> {

		@Override
		public boolean supports(MethodParameter parameter) {
			Class<?> wanted = ClassUtils.resolvePrimitiveIfNecessary(parameter.getParameterType());
			return wanted != Object.class && wanted.isAssignableFrom(this.type);
		}

		@Override
		public Object resolve(E event) {
			return this.argument.apply(event);
		}

		@Override
		public String toString() {
			return this.type.getSimpleName();
		}

	}

}

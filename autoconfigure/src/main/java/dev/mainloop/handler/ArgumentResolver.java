package dev.mainloop.handler;

import java.util.function.Function;

import org.springframework.core.MethodParameter;

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
	 * @param <A> the type of the argument
	 * @param type what the argument is
	 * @param argument finds it
	 * @return the resolver
	 */
	static <E, A> ArgumentResolver<E> ofType(Class<A> type, Function<E, ? extends A> argument) {
		return new ArgumentResolver<>() {

			@Override
			public boolean supports(MethodParameter parameter) {
				return parameter.getParameterType() != Object.class
						&& parameter.getParameterType().isAssignableFrom(type);
			}

			@Override
			public Object resolve(E event) {
				return argument.apply(event);
			}

			@Override
			public String toString() {
				return type.getSimpleName();
			}

		};
	}

}

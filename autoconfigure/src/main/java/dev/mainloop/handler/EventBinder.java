package dev.mainloop.handler;

import java.lang.annotation.Annotation;

/**
 * Makes handlers of the methods that have one kind of annotation.
 *
 * @param <A> the type of the annotation
 */
interface EventBinder<A extends Annotation> {

	/**
	 * Returns the annotation.
	 * @return its type
	 */
	Class<A> annotationType();

	/**
	 * Checks a method, without touching its bean or the loop.
	 * @param method the method
	 * @param annotation its annotation
	 * @return what opens its event source each time the loop starts
	 * @throws InvalidHandlerException if the method cannot be a handler
	 */
	EventBinding bind(HandlerMethod method, A annotation);

}

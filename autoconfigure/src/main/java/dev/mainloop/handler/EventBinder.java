package dev.mainloop.handler;

import java.lang.annotation.Annotation;

import dev.mainloop.annotation.Instances;

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
	 * Tells whether each instance of a bean is bound, or only the first.
	 * @param annotation the annotation
	 * @return which instances
	 */
	Instances instances(A annotation);

	/**
	 * Checks a method, without touching its bean or the loop.
	 * @param method the method
	 * @param annotation its annotation
	 * @return what opens its event source each time the loop starts
	 * @throws InvalidHandlerException if the method cannot be a handler
	 */
	EventBinding bind(HandlerMethod method, A annotation);

}

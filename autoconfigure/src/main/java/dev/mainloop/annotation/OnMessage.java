package dev.mainloop.annotation;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

import org.springframework.aot.hint.annotation.Reflective;

/**
 * Has a method of an {@link EventHandler} called with the messages of a type, that of its
 * one parameter. They are sent through an {@link dev.mainloop.EventQueue} of that type or
 * a subtype, which is injected wherever the application asks for one.
 * <p>
 * Several methods may take the same message; they are called in the order of their
 * {@link org.springframework.core.annotation.Order}, or else that of their beans.
 */
@Target({ ElementType.METHOD, ElementType.ANNOTATION_TYPE })
@Retention(RetentionPolicy.RUNTIME)
@Documented
@Reflective
public @interface OnMessage {

	/**
	 * Sets the queue that the messages come from.
	 * @return the name of a queue as in {@link QueueName}, or a placeholder for it; the
	 * queues that have no name if empty
	 */
	String queue() default "";

	/**
	 * Sets which messages the method takes.
	 * @return a SpEL expression that is true for those that it takes, with the message as
	 * {@code #root.message} and by the name of the parameter, and beans as
	 * {@code @beanName}; all if empty
	 */
	String condition() default "";

	/**
	 * Sets whether the method also takes what Spring's
	 * {@link org.springframework.context.ApplicationEventPublisher} publishes: events and
	 * payloads of its parameter's type. They wait in a queue of their own, called
	 * {@code application events}; if it is full, the publisher gets the
	 * {@link dev.mainloop.MessageRefusedException}.
	 * @return {@code true} if it does
	 */
	boolean applicationEvents() default false;

}

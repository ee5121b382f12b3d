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
	 * {@code @beanName}; all if empty; a name that stands for nothing fails the start, as
	 * far as that is known without a message
	 */
	String condition() default "";

	/**
	 * Sets which instance of a bean that has several takes a message: the same one takes
	 * all messages of one key, in the order in which a sender sent them. Without a key
	 * the instances have their turns, and one whose queue is full is passed over.
	 * @return a SpEL expression for the key of a message, as in {@link #condition()}; it
	 * is worked out by the sender, without allocation where it is a path of properties,
	 * such as {@code #order.customer}, and its value has to have an {@code equals} and
	 * {@code hashCode} of its own; empty for no key
	 */
	String key() default "";

	/**
	 * Sets which instances of a bean that has several take a message.
	 * @return one of them, or each, without a key
	 */
	Instances instances() default Instances.ONE;

	/**
	 * Sets whether the method also takes what Spring's
	 * {@link org.springframework.context.ApplicationEventPublisher} publishes: events and
	 * payloads of its parameter's type. They wait in a queue of their own, called
	 * {@code application events}; if it is full, the publisher gets the
	 * {@link dev.mainloop.MessageRefusedException}.
	 * @return {@code true} if it does
	 */
	boolean applicationEvents() default false;

	/**
	 * Sets when the method takes an application event that is published in a transaction
	 * which Spring manages for the publisher's thread: at once, or when the transaction
	 * has committed, and not at all if it is rolled back. The events that wait for a
	 * commit go through a queue of their own, called
	 * {@code application events after commit}; if it is full, the publisher gets the
	 * {@link dev.mainloop.MessageRefusedException} from the commit, which stays. Where
	 * there is no transaction, events are taken at once.
	 * @return {@code true} if it takes events that are published in a transaction after
	 * its commit
	 */
	boolean afterCommit() default false;

	/**
	 * Sets whether what the method returns is the reply to a request, see
	 * {@link dev.mainloop.EventQueue#request}, and no message that is sent on. It may
	 * return a {@link java.util.concurrent.CompletionStage} or a {@code Mono} of the
	 * reply, and nothing, so that the requester learns that it has ended. One method
	 * replies to a message; others may take it as well. What it returns for a message
	 * that was merely sent is dropped.
	 * @return {@code true} if it is
	 */
	boolean replies() default false;

}

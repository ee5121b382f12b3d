package dev.mainloop.annotation;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

import org.springframework.beans.factory.annotation.Qualifier;

/**
 * Has a {@link dev.mainloop.EventQueue} injected that sends through a named queue, to the
 * {@link OnMessage} methods that name the same. All messages of a name share one queue,
 * whatever their types, and so arrive in the order in which a sender sends them.
 */
@Target({ ElementType.FIELD, ElementType.PARAMETER, ElementType.ANNOTATION_TYPE })
@Retention(RetentionPolicy.RUNTIME)
@Documented
@Qualifier
public @interface QueueName {

	/**
	 * Sets the name.
	 * @return the name, or a placeholder for it
	 */
	String value();

}

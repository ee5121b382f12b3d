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
 * Several methods may take the same message; they are called in the order of their beans'
 * {@link org.springframework.core.annotation.Order}.
 */
@Target({ ElementType.METHOD, ElementType.ANNOTATION_TYPE })
@Retention(RetentionPolicy.RUNTIME)
@Documented
@Reflective
public @interface OnMessage {

}

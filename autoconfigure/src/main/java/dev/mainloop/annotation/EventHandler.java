package dev.mainloop.annotation;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

import org.springframework.core.annotation.AliasFor;
import org.springframework.stereotype.Component;

/**
 * Marks a bean whose methods handle events of the main loop: those annotated with
 * {@link OnTimer}, {@link OnSignal}, {@link OnMessage}, {@link OnLine} or
 * {@link OnReadable}.
 * <p>
 * All handlers on one loop run on its thread, one after another. They share state without
 * locks, and none of them may block. What a handler throws goes to the
 * {@link dev.mainloop.ErrorHandler} bean, or else to the log, and the loop goes on.
 * <p>
 * Nothing is made to find handlers: a bean that is lazy is made by the first event for
 * it, one of another scope is asked for anew with each event, so that a prototype is made
 * for each, and the object that a factory bean makes is found by the type that the
 * factory tells beforehand. All that happens on the loop's thread.
 * <p>
 * A method may have several of the annotations, and takes arguments that suit them all.
 * They may be on the method, on one that it overrides or implements, which those on the
 * method itself replace, or on annotations of the application's own.
 * <p>
 * What a handler returns is sent on as a message, to the {@link OnMessage} methods for
 * the type that it declares; an array, a {@link java.util.Collection}, a
 * {@link java.util.stream.Stream} and an {@link java.util.Optional} as those that they
 * contain, and {@code null} not at all. An array of primitive values is one message.
 */
@Target(ElementType.TYPE)
@Retention(RetentionPolicy.RUNTIME)
@Documented
@Component
public @interface EventHandler {

	/**
	 * Suggests a name for the bean.
	 * @return the name, or an empty string for the default
	 */
	@AliasFor(annotation = Component.class)
	String value() default "";

	/**
	 * Sets the loop whose thread calls the methods. There is a loop of each name that a
	 * handler or a property {@code mainloop.loops.<name>.*} tells. Where
	 * {@code mainloop.loops.<name>.count} makes the name stand for a group of loops, the
	 * bean has an instance on each, called {@code <bean>-1} and so on, with fields of its
	 * own.
	 * @return the name of the loop or group, or a placeholder for it; the main loop if
	 * empty
	 */
	String loop() default "";

}

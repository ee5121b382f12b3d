package dev.mainloop.annotation;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

import org.springframework.aot.hint.annotation.Reflective;

/**
 * Has a method of an {@link EventHandler} called when the wall clock is set, by an
 * administrator or a time service that does not slew it.
 * <p>
 * The method may take a {@link dev.mainloop.ClockChange}, which tells how far.
 */
@Target({ ElementType.METHOD, ElementType.ANNOTATION_TYPE })
@Retention(RetentionPolicy.RUNTIME)
@Documented
@Reflective
public @interface OnClockSet {

	/**
	 * Sets which instances of a bean that has several get the event.
	 * @return each of them or one
	 */
	Instances instances() default Instances.EACH;

}

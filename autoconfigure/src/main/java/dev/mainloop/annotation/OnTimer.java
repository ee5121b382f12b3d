package dev.mainloop.annotation;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

import org.springframework.aot.hint.annotation.Reflective;

/**
 * Has a method of an {@link EventHandler} called again and again, by a timer on
 * {@code CLOCK_MONOTONIC}. The n-th call is due n periods after the first, so that the
 * calls do not drift; periods that the loop was too busy for are counted and not made up
 * for.
 * <p>
 * The method may take a {@link dev.mainloop.TimerTick}, which tells how many expirations
 * the call stands for, and the {@link dev.mainloop.Timer}, by which it can pause or end
 * itself.
 * <p>
 * Times are text: {@code 250ms}, {@code 1s}, {@code PT1.5S}, or a placeholder such as
 * {@code ${app.every}} for one of these. A number alone is in milliseconds.
 */
@Target({ ElementType.METHOD, ElementType.ANNOTATION_TYPE })
@Retention(RetentionPolicy.RUNTIME)
@Documented
@Reflective
public @interface OnTimer {

	/**
	 * Sets the period.
	 * @return the time from one call to the next, more than zero
	 */
	String every();

	/**
	 * Sets the time from the start of the application to the first call.
	 * @return the time, zero or more
	 */
	String initialDelay() default "0s";

}

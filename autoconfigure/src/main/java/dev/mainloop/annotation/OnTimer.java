package dev.mainloop.annotation;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Repeatable;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

import dev.mainloop.fd.ClockId;

import org.springframework.aot.hint.annotation.Reflective;

/**
 * Has a method of an {@link EventHandler} called again and again, by a timer: either
 * every so often or at the times of a cron expression.
 * <p>
 * The n-th call of a periodic timer is due n periods after the first, so that the calls
 * do not drift; periods that the loop was too busy for are counted and not made up for.
 * <p>
 * The method may take a {@link dev.mainloop.TimerTick}, which tells how many expirations
 * the call stands for, and the {@link dev.mainloop.Timer}, by which it can change, pause
 * or end itself.
 * <p>
 * Times are text: {@code 250ms}, {@code 1s}, {@code PT1.5S}, or a placeholder such as
 * {@code ${app.every}} or SpEL such as <code>#{&#64;rates.poll}</code> for one of these.
 * A number alone is in milliseconds. Where {@link #every()} or {@link #cron()} turns out
 * empty, or is {@code -}, the timer is off.
 */
@Target({ ElementType.METHOD, ElementType.ANNOTATION_TYPE })
@Retention(RetentionPolicy.RUNTIME)
@Documented
@Reflective
@Repeatable(OnTimer.List.class)
public @interface OnTimer {

	/**
	 * Sets the period.
	 * @return the time from one call to the next, more than zero
	 */
	String every() default "";

	/**
	 * Sets the time from the start of the loop to the first call, with {@link #every()}.
	 * @return the time, zero or more; zero if empty
	 */
	String initialDelay() default "";

	/**
	 * Sets the times of the calls instead of a period. Of several that the loop was too
	 * busy for, or that the clock was set beyond, only the first comes, late. They are
	 * worked out anew when the clock is set, so that those come again which the clock
	 * shows again, and a call that the method has moved itself is moved back.
	 * @return an expression of
	 * {@link org.springframework.scheduling.support.CronExpression}, with seconds, or a
	 * placeholder for one
	 */
	String cron() default "";

	/**
	 * Sets the time zone of {@link #cron()}. A time that its daylight saving skips does
	 * not come, and one that it repeats comes twice.
	 * @return an id of {@link java.time.ZoneId}, or a placeholder for one; the zone of
	 * the host if empty
	 */
	String zone() default "";

	/**
	 * Sets the clock. A cron expression is by {@link ClockId#REALTIME}, or by
	 * {@link ClockId#REALTIME_ALARM} if that is set.
	 * @return the clock
	 */
	ClockId clock() default ClockId.MONOTONIC;

	/**
	 * Sets how much later than it is due a call may be, so that the machine wakes for
	 * several timers at once.
	 * @return the time, zero or more; zero if empty
	 */
	String slack() default "";

	/**
	 * Sets which instances of a bean that has several get the event.
	 * @return each of them or one
	 */
	Instances instances() default Instances.EACH;

	/**
	 * Holds several on one method.
	 */
	@Target({ ElementType.METHOD, ElementType.ANNOTATION_TYPE })
	@Retention(RetentionPolicy.RUNTIME)
	@Documented
	@Reflective
	@interface List {

		/**
		 * Returns the annotations.
		 * @return each of them
		 */
		OnTimer[] value();

	}

}

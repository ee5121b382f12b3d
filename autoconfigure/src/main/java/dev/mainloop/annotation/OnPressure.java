package dev.mainloop.annotation;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Repeatable;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

import dev.mainloop.fd.PressureResource;
import dev.mainloop.fd.PressureScope;

import org.springframework.aot.hint.annotation.Reflective;

/**
 * Has a method of an {@link EventHandler} called when tasks have waited too long for a
 * resource of the machine: once in a window of time, again in each later one in which
 * they do. The kernel measures that, so that nothing is looked at meanwhile.
 * <p>
 * The method may take the {@link dev.mainloop.fd.Pressure} as it is now, and the
 * {@link dev.mainloop.fd.PressureThreshold} that was passed.
 */
@Target({ ElementType.METHOD, ElementType.ANNOTATION_TYPE })
@Retention(RetentionPolicy.RUNTIME)
@Documented
@Reflective
@Repeatable(OnPressure.List.class)
public @interface OnPressure {

	/**
	 * Sets what the tasks wait for.
	 * @return the resource
	 */
	PressureResource resource();

	/**
	 * Sets how long they have to wait within the window.
	 * @return a duration such as {@code 100ms}, from 1us to the window, or a placeholder
	 * for it
	 */
	String stall();

	/**
	 * Sets in which time they have to.
	 * @return a duration from {@code 500ms} to {@code 10s}, or a placeholder for it; a
	 * process without the capability {@code CAP_SYS_RESOURCE} may have a multiple of 2s
	 * alone
	 */
	String window() default "2s";

	/**
	 * Sets whether the time counts in which all tasks that could run had to wait, and not
	 * that in which some had.
	 * @return {@code true} if all had to
	 */
	boolean all() default false;

	/**
	 * Sets whose tasks count.
	 * @return those of the host, or of the control group of this process
	 */
	PressureScope scope() default PressureScope.SYSTEM;

	/**
	 * Sets whether the application fails to start where the kernel does not tell.
	 * @return {@code false} if the method is not called there, which the log says
	 */
	boolean required() default true;

	/**
	 * Sets which instances of a bean that has several get the event.
	 * @return each of them or one
	 */
	Instances instances() default Instances.ONE;

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
		OnPressure[] value();

	}

}

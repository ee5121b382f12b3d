package dev.mainloop.annotation;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Repeatable;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

import org.springframework.aot.hint.annotation.Reflective;

/**
 * Has a method of an {@link EventHandler} called with the count of an eventfd, whoever
 * adds to it: other threads, or the kernel at the completion of asynchronous I/O. The
 * count is taken before the call, wholly, or one at a time in semaphore mode.
 * <p>
 * The method may take the count as a {@code long} and the
 * {@link dev.mainloop.fd.EventFd}.
 */
@Target({ ElementType.METHOD, ElementType.ANNOTATION_TYPE })
@Retention(RetentionPolicy.RUNTIME)
@Documented
@Reflective
@Repeatable(OnEventFd.List.class)
public @interface OnEventFd {

	/**
	 * Names the eventfd.
	 * @return the name of a bean of type {@link dev.mainloop.fd.EventFd}, or a
	 * placeholder for it; the application context closes the bean
	 */
	String value();

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
		OnEventFd[] value();

	}

}

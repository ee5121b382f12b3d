package dev.mainloop.annotation;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Repeatable;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

import org.springframework.aot.hint.annotation.Reflective;

/**
 * Has a method of an {@link EventHandler} called while a file descriptor is in an
 * exceptional condition ({@code EPOLLPRI}): out-of-band data of a TCP socket, a pressure
 * trigger, a changed {@code /proc/self/mounts}, an edge of a GPIO in sysfs. Some files
 * tell it once; others until they are read, and the method is called again until then.
 * <p>
 * The method may take the {@link dev.mainloop.fd.FileDescriptor}, a
 * {@link dev.mainloop.multiplexer.Readiness}, which tells of errors and hang-ups, and the
 * {@link dev.mainloop.DescriptorSource}. Some files have an error beside each exceptional
 * condition, {@code /proc/self/mounts} for one.
 */
@Target({ ElementType.METHOD, ElementType.ANNOTATION_TYPE })
@Retention(RetentionPolicy.RUNTIME)
@Documented
@Reflective
@Repeatable(OnExceptional.List.class)
public @interface OnExceptional {

	/**
	 * Names the file descriptor.
	 * @return the name of a bean of type {@link dev.mainloop.fd.FileDescriptor}, or a
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
		OnExceptional[] value();

	}

}

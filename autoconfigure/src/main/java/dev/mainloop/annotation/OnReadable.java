package dev.mainloop.annotation;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Repeatable;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

import org.springframework.aot.hint.annotation.Reflective;

/**
 * Has a method of an {@link EventHandler} called while a file descriptor is readable,
 * which includes the end of the file and a hang-up: a FIFO, a serial line, a socket, an
 * input device, a GPIO line. The method is to read what is there; as long as something is
 * left it is called again. At the end of the file it is to close the file descriptor or
 * to pause or close its event source, or it is called again and again.
 * <p>
 * The method may take the {@link dev.mainloop.fd.FileDescriptor}, a
 * {@link dev.mainloop.multiplexer.Readiness}, which tells of errors and hang-ups, and the
 * {@link dev.mainloop.DescriptorSource}.
 */
@Target({ ElementType.METHOD, ElementType.ANNOTATION_TYPE })
@Retention(RetentionPolicy.RUNTIME)
@Documented
@Reflective
@Repeatable(OnReadable.List.class)
public @interface OnReadable {

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
		OnReadable[] value();

	}

}

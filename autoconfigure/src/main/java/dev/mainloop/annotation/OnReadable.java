package dev.mainloop.annotation;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

import org.springframework.aot.hint.annotation.Reflective;

/**
 * Has a method of an {@link EventHandler} called while a file descriptor is readable,
 * which includes the end of the file and a hang-up: a FIFO, a serial line, a socket, an
 * input device, a GPIO line. The method is to read what is there; as long as something is
 * left it is called again.
 * <p>
 * The method may take the {@link dev.mainloop.fd.FileDescriptor} and a
 * {@link dev.mainloop.multiplexer.Readiness}.
 */
@Target({ ElementType.METHOD, ElementType.ANNOTATION_TYPE })
@Retention(RetentionPolicy.RUNTIME)
@Documented
@Reflective
public @interface OnReadable {

	/**
	 * Names the file descriptor.
	 * @return the name of a bean of type {@link dev.mainloop.fd.FileDescriptor}, which
	 * the application context closes
	 */
	String value();

}

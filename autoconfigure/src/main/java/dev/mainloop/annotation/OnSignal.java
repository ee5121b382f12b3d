package dev.mainloop.annotation;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Repeatable;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

import org.springframework.aot.hint.annotation.Reflective;

/**
 * Has a method of an {@link EventHandler} called when the process receives a signal. It
 * runs as ordinary code on the loop's thread.
 * <p>
 * A standard signal that is sent several times before the method is called may come once,
 * as the kernel keeps only one of them. A real-time signal, which needs {@code signalfd},
 * comes as often as it was sent, in order and with its value.
 * <p>
 * The method may take a {@link dev.mainloop.fd.SignalInfo} and a
 * {@link dev.mainloop.fd.Signal}.
 */
@Target({ ElementType.METHOD, ElementType.ANNOTATION_TYPE })
@Retention(RetentionPolicy.RUNTIME)
@Documented
@Reflective
@Repeatable(OnSignal.List.class)
public @interface OnSignal {

	/**
	 * Names the signals, with or without {@code SIG}.
	 * @return names of {@code signal(7)}, such as {@code SIGHUP}, or placeholders for
	 * them
	 */
	String[] value();

	/**
	 * Keeps {@code SIGTERM} and {@code SIGINT} from ending the application. Without it,
	 * the application shuts down in good order after their handlers have run.
	 * @return whether the application goes on
	 */
	boolean vetoExit() default false;

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
		OnSignal[] value();

	}

}

package dev.mainloop.annotation;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Repeatable;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

import org.springframework.aot.hint.annotation.Reflective;

/**
 * Has a child run while the application does, and a method of an {@link EventHandler}
 * called when it has ended. The child is started after the main loop, and told to end
 * before that is stopped; one that does not mind is killed.
 * <p>
 * The method may take the {@link dev.mainloop.fd.ExitStatus}, and the
 * {@link dev.mainloop.process.ChildProcess} that has ended. A command should have one
 * such method, as another would start a child of its own.
 */
@Target({ ElementType.METHOD, ElementType.ANNOTATION_TYPE })
@Retention(RetentionPolicy.RUNTIME)
@Documented
@Reflective
@Repeatable(OnChildExit.List.class)
public @interface OnChildExit {

	/**
	 * Names what is started.
	 * @return the name of a bean of type {@link dev.mainloop.process.Command}, or a
	 * placeholder for it
	 */
	String value();

	/**
	 * Sets how long the child has to end after {@code SIGTERM}, before it is killed.
	 * @return a duration such as {@code 10s}, less than
	 * {@code spring.lifecycle.timeout-per-shutdown-phase}, or a placeholder for it
	 */
	String grace() default "10s";

	/**
	 * Sets how long after its end the child is started again.
	 * @return a duration such as {@code 5s}, or a placeholder for it, empty if it is not
	 */
	String restartAfter() default "";

	/**
	 * Sets which instances of a bean that has several start a child each.
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
		OnChildExit[] value();

	}

}

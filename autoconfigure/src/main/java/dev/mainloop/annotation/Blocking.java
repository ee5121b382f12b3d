package dev.mainloop.annotation;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * Has a handler method called by a worker instead of the loop's thread, so that it may
 * block: for a query, a call of another service, a long computation. What it returns is
 * sent on by the loop, and what it throws goes to the error handler of the loop, as that
 * of any other handler does.
 *
 * <h2>Order and bound</h2> The calls of a method run one at a time and in the order of
 * its events, or as many at a time as {@link #concurrency()} says, and are then begun in
 * that order. While as many run as may, its source of events is held: a queue keeps its
 * messages back, of other methods, too, until it is full and does what it does then; a
 * timer counts the expirations that it misses; a file descriptor is not waited for; a
 * signal waits. Nothing waits anywhere else, so that the bound is that of the source.
 *
 * <h2>What it may use</h2> A call sees all that was done on the loop before it was begun,
 * and the handlers of what it returns see all that it has done. Meanwhile the loop goes
 * on to call the other handlers of the bean. So a call may use what its event has,
 * {@code final} fields that are set once, {@code volatile} ones, and objects that are
 * made for several threads. It must not share any other field with a handler that runs at
 * the same time, where one of the two writes it: of the fields of the bean's own class
 * that is found at start-up, and refused. What it is to know it gets with its event, and
 * what it has found it returns.
 *
 * <h2>Workers</h2> They are those of the {@code mainLoopWorkers} bean, which the
 * properties {@code mainloop.workers} are for. They are interrupted if they go on when
 * the end of the application does not wait any longer.
 */
@Target({ ElementType.METHOD, ElementType.ANNOTATION_TYPE })
@Retention(RetentionPolicy.RUNTIME)
@Documented
public @interface Blocking {

	/**
	 * Sets how many calls of the method may run at a time, on each loop where the bean
	 * has an instance on several.
	 * @return the number, 1 or more; only 1 for a file descriptor, which would be ready
	 * again at once
	 */
	int concurrency() default 1;

}

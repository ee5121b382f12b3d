package dev.mainloop.handler;

import java.lang.annotation.Annotation;
import java.lang.reflect.Method;

import dev.mainloop.SourceStatistics;
import org.jspecify.annotations.Nullable;

/**
 * Has something done around the calls of handler methods, such as measuring them. Beans
 * of this type are asked once for each method, in their order: the last comes first when
 * the method is called.
 */
public interface HandlerCallDecorator {

	/**
	 * Decorates the calls of a method.
	 * @param <E> the type of its events
	 * @param call what calls the method
	 * @param place the loop that calls it
	 * @param beanName the name of its bean
	 * @param method the method
	 * @param annotation what makes it a handler
	 * @return what is to be called instead
	 */
	<E> HandlerCall<E> decorate(HandlerCall<E> call, Placement place, String beanName, Method method,
			Annotation annotation);

	/**
	 * Tells whether it only decorates the calls with events that the loop measures, see
	 * {@link SourceStatistics}: of messages most are not. What does so comes before all
	 * others when the method is called.
	 * @return {@code true} if it does
	 */
	default boolean isForMeasured() {
		return false;
	}

	/**
	 * Names what a method has thrown, as a tag of what is measured or observed.
	 * @param thrown what it threw, {@code null} for nothing
	 * @return the simple name of its class, or the whole one if it has none, or
	 * {@code none}
	 */
	static String exceptionName(@Nullable Throwable thrown) {
		if (thrown == null) {
			return "none";
		}
		String name = thrown.getClass().getSimpleName();
		return name.isEmpty() ? thrown.getClass().getName() : name;
	}

}

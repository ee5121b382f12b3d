package dev.mainloop.handler;

import java.lang.reflect.Method;
import java.util.Iterator;

import org.jspecify.annotations.Nullable;

import org.springframework.util.ClassUtils;
import org.springframework.util.ReflectionUtils;

/**
 * The types of Kotlin's libraries that have a meaning where a handler returns them. A
 * method of another language has none, and Kotlin need not be on the class path.
 */
final class KotlinTypes {

	private final @Nullable Class<?> unit;

	/** The one method of a sequence. */
	private final @Nullable Method iterator;

	private final @Nullable Class<?> flow;

	private final @Nullable Class<?> deferred;

	/**
	 * Finds the types.
	 * @param method the method that returns them
	 */
	KotlinTypes(Method method) {
		this.unit = find("kotlin.Unit", method);
		Class<?> sequence = find("kotlin.sequences.Sequence", method);
		this.iterator = (sequence != null) ? ReflectionUtils.findMethod(sequence, "iterator") : null;
		this.flow = find("kotlinx.coroutines.flow.Flow", method);
		this.deferred = find("kotlinx.coroutines.Deferred", method);
	}

	private static @Nullable Class<?> find(String name, Method method) {
		ClassLoader loader = method.getDeclaringClass().getClassLoader();
		return (KotlinFunction.is(method) && ClassUtils.isPresent(name, loader))
				? ClassUtils.resolveClassName(name, loader) : null;
	}

	/**
	 * Tells whether a type is that of functions without a value.
	 * @param type the type
	 * @return {@code true} if it is
	 */
	boolean isUnit(Class<?> type) {
		return type == this.unit;
	}

	/**
	 * Tells whether the values of a type have values only in time.
	 * @param type the type
	 * @return {@code true} if they do
	 */
	boolean isLater(Class<?> type) {
		return (this.flow != null && this.flow.isAssignableFrom(type))
				|| (this.deferred != null && this.deferred.isAssignableFrom(type));
	}

	/**
	 * Tells whether a type is that of sequences.
	 * @param type the type
	 * @return {@code true} if it is
	 */
	boolean isSequence(Class<?> type) {
		return this.iterator != null && this.iterator.getDeclaringClass() == type;
	}

	/**
	 * Iterates over a sequence, which is no {@link Iterable}.
	 * @param value a value
	 * @return the iterator, or {@code null} if the value is no sequence
	 */
	@Nullable Iterator<?> iterator(Object value) {
		return (this.iterator != null && this.iterator.getDeclaringClass().isInstance(value))
				? (Iterator<?>) ReflectionUtils.invokeMethod(this.iterator, value) : null;
	}

}

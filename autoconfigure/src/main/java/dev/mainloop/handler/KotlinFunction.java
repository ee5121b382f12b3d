package dev.mainloop.handler;

import java.lang.reflect.Method;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import org.springframework.core.KotlinDetector;
import org.springframework.core.annotation.MergedAnnotations;

/**
 * Tells which function of Kotlin a method is. Kotlin need not be on the class path.
 */
final class KotlinFunction {

	/** What a method is called for a function with a value class among its types. */
	private static final Pattern MANGLED_NAME = Pattern.compile("(.+)-[\\w-]{7}");

	private KotlinFunction() {
	}

	/**
	 * Tells whether a method is a function.
	 * @param method the method
	 * @return {@code true} if it is
	 */
	static boolean is(Method method) {
		return KotlinDetector.isKotlinType(method.getDeclaringClass());
	}

	/**
	 * Checks that the types of a handler method are those of its function.
	 * @param method the method, of any language
	 * @throws InvalidHandlerException if they are not
	 */
	static void requireSameTypes(HandlerMethod method) {
		if (KotlinDetector.isSuspendingFunction(method.method())) {
			throw method.invalid("it is a suspend function",
					"Remove 'suspend', and have a coroutine send its result, as in scope.launch { queue.send(fetch()) }.");
		}
		if (is(method.method()) && isMangled(method.method())) {
			throw method.invalid("it takes or returns a value class, which the JVM passes as the value in it",
					"Use a data class, or Long in place of ULong; if it only is the value of an expression body, use a block body.");
		}
	}

	/** Tells it from a function with such a name by the names in the source. */
	private static boolean isMangled(Method method) {
		Matcher name = MANGLED_NAME.matcher(method.getName());
		return name.matches() && List
			.of(MergedAnnotations.from(method.getDeclaringClass()).get("kotlin.Metadata").getStringArray("d2"))
			.contains(name.group(1));
	}

}

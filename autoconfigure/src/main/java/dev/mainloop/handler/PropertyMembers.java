package dev.mainloop.handler;

import java.lang.reflect.Field;
import java.lang.reflect.Member;
import java.lang.reflect.Method;

import org.jspecify.annotations.Nullable;

import org.springframework.expression.spel.support.ReflectivePropertyAccessor;
import org.springframework.util.ClassUtils;

/**
 * The properties of types as SpEL finds them.
 */
final class PropertyMembers extends ReflectivePropertyAccessor {

	/**
	 * Finds what reads a property.
	 * @param type the type
	 * @param name the name of the property
	 * @return a method or a field, {@code null} if there is neither
	 */
	@Nullable Member find(Class<?> type, String name) {
		Method getter = findGetterForProperty(name, type, false);
		return (getter != null) ? getter : findField(name, type, false);
	}

	/**
	 * Finds the type of a property.
	 * @param type the type that has it
	 * @param name its name
	 * @return the type, no primitive one, or {@code null} if there is no such property
	 */
	@Nullable Class<?> typeOf(Class<?> type, String name) {
		Member member = find(type, name);
		return (member != null) ? ClassUtils.resolvePrimitiveIfNecessary(typeOf(member)) : null;
	}

	static Class<?> typeOf(Member member) {
		return (member instanceof Method getter) ? getter.getReturnType() : ((Field) member).getType();
	}

}

package dev.mainloop.handler;

import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodHandles.Lookup;
import java.lang.invoke.MethodType;
import java.lang.reflect.AccessibleObject;
import java.lang.reflect.Field;
import java.lang.reflect.Member;
import java.lang.reflect.Method;
import java.util.ArrayList;
import java.util.List;

import dev.mainloop.MessageRefusedException;
import dev.mainloop.annotation.OnMessage;
import dev.mainloop.log.LogText;
import org.jspecify.annotations.Nullable;

import org.springframework.beans.factory.BeanFactory;
import org.springframework.expression.spel.SpelNode;
import org.springframework.expression.spel.ast.CompoundExpression;
import org.springframework.expression.spel.ast.PropertyOrFieldReference;
import org.springframework.expression.spel.ast.VariableReference;
import org.springframework.util.ClassUtils;

/**
 * The {@link OnMessage#key() key} of messages. A path of properties that the declared
 * types have is read by a method handle, without allocation, and any other expression by
 * SpEL. May be used by any thread.
 */
final class MessageKey {

	private static final Lookup lookup = MethodHandles.lookup();

	private static final PropertyMembers properties = new PropertyMembers();

	/** Spreads the bits of a hash code, as the golden ratio does. */
	private static final int SPREAD = 0x9E3779B9;

	private final String text;

	private final String canonical;

	/** Takes an object and returns the hash code of its key, unless it is SpEL's. */
	private final @Nullable MethodHandle hash;

	private final MessageExpression expression;

	private MessageKey(String text, String canonical, @Nullable MethodHandle hash, MessageExpression expression) {
		this.text = text;
		this.canonical = canonical;
		this.hash = hash;
		this.expression = expression;
	}

	/**
	 * Parses a key.
	 * @param method the method that it is for
	 * @param text the expression
	 * @param beanFactory the beans that it may refer to
	 * @return the key
	 * @throws InvalidHandlerException if it is no expression, or its values cannot be
	 * keys
	 */
	static MessageKey parse(HandlerMethod method, String text, BeanFactory beanFactory) {
		MessageExpression expression = MessageExpression.parse(method, "key", text, beanFactory);
		List<String> path = path(expression.tree());
		if (path == null) {
			return new MessageKey(text, expression.tree().toStringAST(), null, expression);
		}
		Class<?> messageType = ClassUtils.resolvePrimitiveIfNecessary(PayloadType.of(method).type().toClass());
		return new MessageKey(text, String.join(".", path), hash(method, text, messageType, path), expression);
	}

	/** Returns the names of a path of properties of the message, null for no path. */
	private static @Nullable List<String> path(SpelNode tree) {
		if (tree instanceof VariableReference message) {
			return isMessage(message) ? List.of() : null;
		}
		if (!(tree instanceof CompoundExpression)) {
			return null;
		}
		List<String> names = new ArrayList<>();
		for (int i = 1; i < tree.getChildCount(); i++) {
			if (!(tree.getChild(i) instanceof PropertyOrFieldReference property) || property.isNullSafe()) {
				return null;
			}
			names.add(property.getName());
		}
		if (tree.getChild(0) instanceof VariableReference message && isMessage(message)) {
			return names;
		}
		return (tree.getChild(0).toStringAST().equals("#root") && names.get(0).equals("message"))
				? names.subList(1, names.size()) : null;
	}

	/** Whether it is the parameter, as no other variable is known beside the root. */
	private static boolean isMessage(VariableReference variable) {
		return !variable.toStringAST().equals("#root") && !variable.toStringAST().equals("#this");
	}

	/** Returns a handle for a path, null if the declared types do not have it. */
	private static @Nullable MethodHandle hash(HandlerMethod method, String text, Class<?> messageType,
			List<String> path) {
		MethodHandle handle = MethodHandles.identity(Object.class)
			.asType(MethodType.methodType(messageType, Object.class));
		for (String name : path) {
			Member member = properties.find(ClassUtils.resolvePrimitiveIfNecessary(handle.type().returnType()), name);
			if (member == null) {
				return null;
			}
			handle = MethodHandles.filterReturnValue(handle, reader(member, handle.type().returnType()));
		}
		Class<?> type = handle.type().returnType();
		requireHashCode(method, text, type);
		return MethodHandles.filterReturnValue(handle, hashCode(type));
	}

	private static MethodHandle reader(Member member, Class<?> type) {
		try {
			((AccessibleObject) member).setAccessible(true);
			MethodHandle reader = (member instanceof Method getter) ? lookup.unreflect(getter)
					: lookup.unreflectGetter((Field) member);
			return reader.asType(reader.type().changeParameterType(0, type));
		}
		catch (IllegalAccessException ex) {
			throw new IllegalStateException("Cannot read " + member, ex);
		}
	}

	private static void requireHashCode(HandlerMethod method, String text, Class<?> type) {
		if (type.isArray()) {
			throw method.invalid("its key '%s' is an array, and no two arrays are equal".formatted(text),
					"Name a property with a hashCode of its own, such as a String.");
		}
	}

	private static MethodHandle hashCode(Class<?> type) {
		Class<?> owner = type.isPrimitive() ? ClassUtils.resolvePrimitiveIfNecessary(type) : MessageKey.class;
		Class<?> parameter = type.isPrimitive() ? type : Object.class;
		try {
			MethodHandle hash = lookup.findStatic(owner, type.isPrimitive() ? "hashCode" : "hashOf",
					MethodType.methodType(int.class, parameter));
			return hash.asType(MethodType.methodType(int.class, type));
		}
		catch (ReflectiveOperationException ex) {
			throw new IllegalStateException(ex);
		}
	}

	private static int hashOf(@Nullable Object key) {
		if (key == null) {
			throw new NullKeyException();
		}
		return key.hashCode();
	}

	/** Whether it has the same value as another for every message that both are for. */
	boolean isSameAs(MessageKey other) {
		return this.canonical.equals(other.canonical);
	}

	/**
	 * Chooses one of several by the key of a message, always the same for the same key.
	 * @param message the message
	 * @param count how many there are
	 * @return an index
	 * @throws MessageRefusedException if the key cannot be worked out
	 */
	int choose(Object message, int count) {
		int spread = hash(message) * SPREAD;
		return (int) ((Integer.toUnsignedLong(spread) * count) >>> Integer.SIZE);
	}

	private int hash(Object message) {
		try {
			return (this.hash != null) ? (int) this.hash.invokeExact(message)
					: hashOf(this.expression.value(message, Object.class));
		}
		catch (NullKeyException ex) {
			throw new MessageRefusedException("The key '%s' of %s is null".formatted(this.text, LogText.of(message)));
		}
		catch (Error ex) {
			throw ex;
		}
		catch (Throwable ex) {
			throw new MessageRefusedException("The key '%s' of %s cannot be worked out: %s".formatted(this.text,
					LogText.of(message), LogText.of(ex)));
		}
	}

	@Override
	public String toString() {
		return this.text;
	}

	/** Thrown for a key that is null, to be told with its message. */
	private static final class NullKeyException extends RuntimeException {

		private static final long serialVersionUID = 1L;

		NullKeyException() {
			super(null, null, false, false);
		}

	}

}

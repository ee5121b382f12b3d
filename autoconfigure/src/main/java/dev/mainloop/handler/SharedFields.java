package dev.mainloop.handler;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.lang.reflect.Method;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

import dev.mainloop.annotation.Blocking;
import org.jspecify.annotations.Nullable;

import org.springframework.asm.ClassReader;
import org.springframework.core.annotation.MergedAnnotations;

/**
 * The fields of a handler bean that a {@link Blocking} method has in common with handlers
 * which run at the same time, as far as the code of the bean's class tells.
 */
final class SharedFields {

	private final HandlerBean bean;

	private final FieldUses uses;

	private SharedFields(HandlerBean bean, FieldUses uses) {
		this.bean = bean;
		this.uses = uses;
	}

	/**
	 * Checks that no field of a bean is written by one handler while another uses it.
	 * Nothing is found where class files cannot be read, as in a native image.
	 * @param bean the bean
	 * @param handlers its handler methods
	 * @throws InvalidHandlerException if a field is
	 */
	static void requireNone(HandlerBean bean, Map<Method, MergedAnnotations> handlers) {
		if (handlers.values().stream().noneMatch((annotations) -> annotations.isPresent(Blocking.class))) {
			return;
		}
		FieldUses uses = read(bean.targetClass());
		if (uses != null) {
			SharedFields fields = new SharedFields(bean, uses);
			handlers.forEach((method, annotations) -> {
				if (annotations.isPresent(Blocking.class)) {
					fields.requireNone(method, annotations, handlers.keySet());
				}
			});
		}
	}

	private static @Nullable FieldUses read(Class<?> type) {
		try (InputStream code = type.getResourceAsStream("/" + type.getName().replace('.', '/') + ".class")) {
			if (code == null) {
				return null;
			}
			FieldUses uses = new FieldUses(type.getName().replace('.', '/'));
			new ClassReader(code).accept(uses, ClassReader.SKIP_DEBUG | ClassReader.SKIP_FRAMES);
			return uses;
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	private void requireNone(Method blocking, MergedAnnotations annotations, Set<Method> handlers) {
		FieldUses.Use uses = this.uses.of(blocking);
		boolean alone = annotations.get(Blocking.class).getInt("concurrency") == 1;
		for (Method other : handlers) {
			if (!(other.equals(blocking) && alone)) {
				requireNone(blocking, uses, other);
			}
		}
	}

	private void requireNone(Method blocking, FieldUses.Use one, Method other) {
		FieldUses.Use another = this.uses.of(other);
		Set<String> shared = new TreeSet<>(one.all());
		shared.retainAll(another.all());
		shared.removeIf((field) -> !one.written().contains(field) && !another.written().contains(field));
		if (!shared.isEmpty()) {
			throw BlockingMethods.invalid(this.bean, blocking,
					"it uses the field '%s' at the same time as '%s', and one of them writes it"
						.formatted(shared.iterator().next(), other.getName()),
					"Take what it needs from its event and return what it finds, as a message, or make the field "
							+ "volatile if both may use it at any time.");
		}
	}

}

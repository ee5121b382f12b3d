package dev.mainloop.handler;

import java.util.List;

import org.jspecify.annotations.Nullable;

import org.springframework.beans.factory.BeanFactory;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;

/**
 * A bean by name, fetched when it is first needed and then every time unless it is a
 * singleton. Not thread-safe: for the thread that opens the event sources, and after that
 * for the loop's.
 */
final class BeanReference {

	private final BeanFactory beanFactory;

	private final String name;

	private final Class<?> type;

	private @Nullable Object singleton;

	BeanReference(BeanFactory beanFactory, String name) {
		this(beanFactory, name, Object.class);
	}

	private BeanReference(BeanFactory beanFactory, String name, Class<?> type) {
		this.beanFactory = beanFactory;
		this.name = name;
		this.type = type;
	}

	/**
	 * Looks for a bean, without making it.
	 * @param <T> the type that it has to have
	 * @param beanFactory the beans
	 * @param method the method that names it
	 * @param name its name
	 * @param required the type that it has to have
	 * @return its type
	 * @throws InvalidHandlerException if there is none
	 */
	static <T> Class<? extends T> requireType(ConfigurableListableBeanFactory beanFactory, HandlerMethod method,
			String name, Class<T> required) {
		Class<?> type = beanFactory.containsBean(name) ? beanFactory.getType(name) : null;
		if (type == null || !required.isAssignableFrom(type)) {
			throw method.invalid("there is no bean named '%s' of type %s".formatted(name, required.getSimpleName()),
					"Declare a bean '%s' of type %s, or name one of these: %s.".formatted(name, required.getName(),
							List.of(beanFactory.getBeanNamesForType(required))));
		}
		return type.asSubclass(required);
	}

	/**
	 * Requires a type of the bean, which a proxy may turn out not to have.
	 * @param required the type
	 * @return a reference to the same bean
	 */
	BeanReference ofType(Class<?> required) {
		return new BeanReference(this.beanFactory, this.name, required);
	}

	String name() {
		return this.name;
	}

	Object get() {
		Object bean = this.singleton;
		if (bean == null) {
			bean = this.beanFactory.getBean(this.name, this.type);
			if (this.beanFactory.isSingleton(this.name)) {
				this.singleton = bean;
			}
		}
		return bean;
	}

}

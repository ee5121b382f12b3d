package dev.mainloop.handler;

import org.jspecify.annotations.Nullable;

import org.springframework.beans.factory.BeanFactory;

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

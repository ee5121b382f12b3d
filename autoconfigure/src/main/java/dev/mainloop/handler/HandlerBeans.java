package dev.mainloop.handler;

import java.lang.reflect.Proxy;
import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

import dev.mainloop.annotation.EventHandler;
import org.jspecify.annotations.Nullable;

import org.springframework.aop.TargetClassAware;
import org.springframework.aop.framework.autoproxy.AutoProxyUtils;
import org.springframework.aop.scope.ScopedProxyUtils;
import org.springframework.beans.factory.BeanFactory;
import org.springframework.beans.factory.BeanFactoryUtils;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;

/**
 * The beans that may have handler methods, and their classes behind proxies and scopes.
 * None is made to find that out.
 */
final class HandlerBeans {

	private final ConfigurableListableBeanFactory beanFactory;

	/** The first bean that each object with handlers was found as. */
	private final Map<Object, String> owners = new IdentityHashMap<>();

	HandlerBeans(ConfigurableListableBeanFactory beanFactory) {
		this.beanFactory = beanFactory;
	}

	/**
	 * Goes through the beans, a factory bean being one beside its product.
	 * @param action told of each
	 */
	void forEach(Consumer<HandlerBean> action) {
		for (String name : this.beanFactory.getBeanNamesForType(Object.class, true, false)) {
			if (!ScopedProxyUtils.isScopedTarget(name)) {
				visit(name, action);
				if (isProduct(name)) {
					visit(BeanFactory.FACTORY_BEAN_PREFIX + name, action);
				}
			}
		}
	}

	/** Lists those whose class is annotated with {@link EventHandler}. */
	List<HandlerBean> eventHandlers() {
		List<HandlerBean> found = new ArrayList<>();
		forEach((bean) -> {
			if (bean.isEventHandler()) {
				found.add(bean);
			}
		});
		return found;
	}

	private void visit(String name, Consumer<HandlerBean> action) {
		Class<?> targetClass = targetClass(name);
		if (targetClass != null) {
			Class<?> type = this.beanFactory.getType(name, false);
			HandlerBean bean = new HandlerBean(name, targetClass, (type != null) ? type : targetClass,
					() -> twin(name));
			if (!isNull(bean)) {
				action.accept(bean);
			}
		}
	}

	private @Nullable Class<?> targetClass(String beanName) {
		String scoped = ScopedProxyUtils.getTargetBeanName(beanName);
		String name = this.beanFactory.containsBeanDefinition(scoped) ? scoped : beanName;
		if (this.beanFactory.containsBeanDefinition(name) && this.beanFactory.getMergedBeanDefinition(name)
			.getAttribute(AutoProxyUtils.ORIGINAL_TARGET_CLASS_ATTRIBUTE) instanceof Class<?> proxied) {
			return proxied;
		}
		Class<?> type = this.beanFactory.getType(name, false);
		if (type != null && Proxy.isProxyClass(type) && singleton(name) instanceof TargetClassAware proxy) {
			return proxy.getTargetClass();
		}
		return type;
	}

	/**
	 * Whether the method that makes the bean has returned null, which Spring keeps as an
	 * object of another type. The object is not called, as it may be the application's.
	 */
	private boolean isNull(HandlerBean bean) {
		Object singleton = singleton(bean.name());
		return singleton != null && !isProduct(bean.name()) && !bean.type().isInstance(singleton);
	}

	private boolean isProduct(String name) {
		return !BeanFactoryUtils.isFactoryDereference(name) && this.beanFactory.isFactoryBean(name);
	}

	/** Returns the object of a bean, or the factory of a product, if it is made. */
	private @Nullable Object singleton(String name) {
		return this.beanFactory.getSingleton(BeanFactoryUtils.transformedBeanName(name));
	}

	private @Nullable String twin(String name) {
		String product = BeanFactoryUtils.transformedBeanName(name);
		if (BeanFactoryUtils.isFactoryDereference(name) && targetClass(name) == targetClass(product)) {
			return product;
		}
		Object object = isProduct(name) ? null : singleton(name);
		String owner = (object != null) ? this.owners.computeIfAbsent(object, (any) -> name) : name;
		return owner.equals(name) ? null : owner;
	}

}

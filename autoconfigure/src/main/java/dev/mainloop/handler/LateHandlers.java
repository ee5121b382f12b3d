package dev.mainloop.handler;

import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;

import org.jspecify.annotations.Nullable;

import org.springframework.aop.scope.ScopedProxyUtils;
import org.springframework.aop.support.AopUtils;
import org.springframework.beans.factory.BeanFactory;
import org.springframework.beans.factory.FactoryBean;
import org.springframework.beans.factory.config.BeanPostProcessor;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;

/**
 * Finds the beans that turn out to be event handlers when they are made, as their type
 * did not tell before: a lazy one, say, whose {@code @Bean} method declares an interface.
 * Each is looked at when it is made for the first time, by whichever thread makes it.
 */
final class LateHandlers implements BeanPostProcessor {

	private final ConfigurableListableBeanFactory beanFactory;

	private final Set<String> handlers = ConcurrentHashMap.newKeySet();

	private final Set<String> others = ConcurrentHashMap.newKeySet();

	private final Consumer<HandlerBean> action;

	/**
	 * Creates the search.
	 * @param beanFactory the beans
	 * @param handlers the names of the handlers that are found already
	 * @param action told of each other, which is not completely made then
	 */
	LateHandlers(ConfigurableListableBeanFactory beanFactory, Set<String> handlers, Consumer<HandlerBean> action) {
		this.beanFactory = beanFactory;
		this.handlers.addAll(handlers);
		this.action = action;
	}

	@Override
	public Object postProcessAfterInitialization(Object bean, String beanName) {
		String name = (bean instanceof FactoryBean) ? BeanFactory.FACTORY_BEAN_PREFIX + beanName : beanName;
		if (this.beanFactory.containsBeanDefinition(beanName) && !isFound(name) && this.others.add(name)) {
			HandlerBean handler = new HandlerBean(name, AopUtils.getTargetClass(bean), bean.getClass(),
					() -> twin(name, bean));
			if (handler.isEventHandler()) {
				this.handlers.add(name);
				this.action.accept(handler);
			}
		}
		return bean;
	}

	private boolean isFound(String name) {
		return this.handlers.contains(name) || (ScopedProxyUtils.isScopedTarget(name)
				&& this.handlers.contains(ScopedProxyUtils.getOriginalBeanName(name)));
	}

	private @Nullable String twin(String name, Object bean) {
		return this.handlers.stream()
			.filter((other) -> !other.equals(name) && this.beanFactory.getSingleton(other) == bean)
			.findFirst()
			.orElse(null);
	}

}

package dev.mainloop.handler;

import java.lang.reflect.Method;
import java.util.Arrays;
import java.util.List;
import java.util.Set;

import dev.mainloop.EventQueue;
import dev.mainloop.annotation.OnMessage;
import dev.mainloop.annotation.QueueName;

import org.springframework.beans.factory.aot.BeanRegistrationAotProcessor;
import org.springframework.beans.factory.config.ConstructorArgumentValues;
import org.springframework.beans.factory.support.AutowireCandidateQualifier;
import org.springframework.beans.factory.support.BeanDefinitionRegistry;
import org.springframework.beans.factory.support.BeanDefinitionRegistryPostProcessor;
import org.springframework.beans.factory.support.DefaultListableBeanFactory;
import org.springframework.beans.factory.support.RootBeanDefinition;
import org.springframework.context.EnvironmentAware;
import org.springframework.core.ResolvableType;
import org.springframework.core.annotation.MergedAnnotations;
import org.springframework.core.env.Environment;
import org.springframework.core.env.StandardEnvironment;

/**
 * Declares a bean for the queue of each type of message that an {@link OnMessage} method
 * takes, so that Spring finds it in every way in which it finds a bean of a generic type.
 * It is made when it is first asked for. The queues of other types, such as subtypes of
 * these, are made by one bean for all, for whoever has them injected.
 */
public final class QueueBeans implements BeanDefinitionRegistryPostProcessor, EnvironmentAware {

	/**
	 * The name of the bean whose method {@code get} makes a queue, as that of
	 * {@link EventQueues} does.
	 */
	public static final String QUEUES = "mainLoopEventQueues";

	/**
	 * The name of the bean that makes a queue of any type, for the place where it is
	 * injected.
	 */
	public static final String ANY_QUEUE = "mainLoopEventQueue";

	private final AnnotatedMethods methods = new AnnotatedMethods(Set.of(OnMessage.class));

	private Environment environment = new StandardEnvironment();

	@Override
	public void setEnvironment(Environment environment) {
		this.environment = environment;
	}

	@Override
	public void postProcessBeanDefinitionRegistry(BeanDefinitionRegistry registry) {
		DefaultListableBeanFactory beanFactory = (DefaultListableBeanFactory) registry;
		CandidateResolver.install(beanFactory, null);
		List<String> own = Arrays.stream(beanFactory.getBeanNamesForType(EventQueue.class, true, false))
			.filter((name) -> !name.equals(ANY_QUEUE))
			.toList();
		new HandlerBeans(beanFactory).eventHandlers()
			.forEach((bean) -> this.methods.of(bean)
				.forEach((method, annotations) -> declare(beanFactory, own, bean, method, annotations)));
	}

	private void declare(DefaultListableBeanFactory beanFactory, List<String> own, HandlerBean bean, Method method,
			MergedAnnotations annotations) {
		if (method.getParameterCount() != 1) {
			return;
		}
		ResolvableType type = ResolvableType.forMethodParameter(method, 0, bean.type());
		if (type.resolve() == null || type.hasUnresolvableGenerics()) {
			return;
		}
		ResolvableType message = EventQueues.canonical(type);
		ResolvableType queue = ResolvableType.forClassWithGenerics(EventQueue.class, message);
		for (OnMessage annotation : HandlerAnnotations.of(annotations, OnMessage.class).list()) {
			String name = this.environment.resolvePlaceholders(annotation.queue()).trim();
			if (!name.isEmpty() || own.stream().noneMatch((other) -> beanFactory.isTypeMatch(other, queue))) {
				declare(beanFactory, name, message, queue);
			}
		}
	}

	private void declare(BeanDefinitionRegistry registry, String name, ResolvableType message, ResolvableType queue) {
		String beanName = "EventQueue<%s> %s".formatted(message, name).trim();
		if (registry.containsBeanDefinition(beanName)) {
			return;
		}
		RootBeanDefinition definition = new RootBeanDefinition();
		definition.setTargetType(queue);
		definition.setFactoryBeanName(QUEUES);
		definition.setFactoryMethodName("get");
		ConstructorArgumentValues arguments = definition.getConstructorArgumentValues();
		arguments.addIndexedArgumentValue(0, name);
		arguments.addIndexedArgumentValue(1, message);
		arguments.addIndexedArgumentValue(2, "The bean '%s'".formatted(beanName));
		definition.setLazyInit(true);
		// Generated code has no access to the types of messages, and this runs there,
		// too.
		definition.setAttribute(BeanRegistrationAotProcessor.IGNORE_REGISTRATION_ATTRIBUTE, true);
		if (!name.isEmpty()) {
			definition.setDefaultCandidate(false);
			definition.addQualifier(new AutowireCandidateQualifier(QueueName.class, name));
		}
		registry.registerBeanDefinition(beanName, definition);
	}

}

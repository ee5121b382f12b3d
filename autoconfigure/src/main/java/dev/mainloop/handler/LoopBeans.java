package dev.mainloop.handler;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.BiPredicate;
import java.util.function.ToIntFunction;

import dev.mainloop.MainLoop;
import dev.mainloop.annotation.EventHandler;
import dev.mainloop.file.AsyncFiles;

import org.springframework.aop.scope.ScopedProxyUtils;
import org.springframework.beans.factory.BeanFactoryUtils;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.beans.factory.aot.BeanRegistrationAotProcessor;
import org.springframework.beans.factory.config.BeanDefinition;
import org.springframework.beans.factory.config.ConfigurableBeanFactory;
import org.springframework.beans.factory.support.AbstractBeanDefinition;
import org.springframework.beans.factory.support.AutowireCandidateQualifier;
import org.springframework.beans.factory.support.BeanDefinitionRegistry;
import org.springframework.beans.factory.support.BeanDefinitionRegistryPostProcessor;
import org.springframework.beans.factory.support.DefaultListableBeanFactory;
import org.springframework.beans.factory.support.RootBeanDefinition;
import org.springframework.context.aot.AbstractAotProcessor;
import org.springframework.util.StringValueResolver;

/**
 * Declares a bean for each loop but the main loop, and one for its files, and has a
 * handler bean on a group of loops made once for each of them: {@code orders} becomes
 * {@code orders-1}, {@code orders-2} and so on, each defined as {@code orders} was.
 */
public final class LoopBeans implements BeanDefinitionRegistryPostProcessor {

	/**
	 * The name of the bean whose method {@code build} makes a loop for a
	 * {@link Placement}.
	 */
	public static final String FACTORY = "mainLoopFactory";

	/**
	 * The name of the bean whose method {@code make} makes the files of a loop for its
	 * {@link Placement}.
	 */
	public static final String FILES_FACTORY = "mainLoopFilesFactory";

	/** The attribute of a definition that has the name of its group. */
	static final String GROUP = LoopBeans.class.getName() + ".group";

	private final Set<String> names;

	private final LoopGroups groups;

	/** The handlers that are not on the main loop, by the names of their beans. */
	private final Map<String, Placed> placed = new HashMap<>();

	/**
	 * Creates the beans of the loops.
	 * @param names the names of loops that there are besides those that handlers name
	 * @param count tells how many loops one of a name stands for
	 * @param resolver resolves placeholders
	 */
	public LoopBeans(Set<String> names, ToIntFunction<String> count, StringValueResolver resolver) {
		this.names = Set.copyOf(names);
		this.groups = new LoopGroups(resolver, count);
	}

	/**
	 * Returns the name of the bean of a loop that is not the main loop.
	 * @param place the place of the loop
	 * @return the name
	 */
	static String beanName(Placement place) {
		return "mainLoop " + place.loop();
	}

	/**
	 * Returns the name of the bean of the files of a loop that is not the main loop.
	 * @param place the place of the loop
	 * @return the name
	 */
	static String filesName(Placement place) {
		return "mainLoopFiles " + place.loop();
	}

	LoopGroups groups() {
		return this.groups;
	}

	@Override
	public void postProcessBeanDefinitionRegistry(BeanDefinitionRegistry registry) {
		DefaultListableBeanFactory beanFactory = (DefaultListableBeanFactory) registry;
		CandidateResolver.install(beanFactory, this);
		List<HandlerBean> handlers = new HandlerBeans(beanFactory).eventHandlers();
		handlers.forEach((bean) -> this.groups.add(this.groups.group(bean)));
		this.names.forEach(this.groups::add);
		this.groups.requireUnique();
		// How many instances there are is known only when the application starts.
		if (!Boolean.getBoolean(AbstractAotProcessor.AOT_PROCESSING)) {
			handlers.forEach((bean) -> place(beanFactory, bean, this.groups.group(bean)));
			this.groups.all().stream().filter((place) -> !place.isMain()).forEach((place) -> declare(registry, place));
		}
	}

	private void place(DefaultListableBeanFactory beanFactory, HandlerBean bean, String group) {
		int count = this.groups.count(group);
		if (count > 1) {
			BeanDefinition definition = requireDefinition(beanFactory, bean);
			beanFactory.removeBeanDefinition(bean.name());
			for (int index = 0; index < count; index++) {
				AbstractBeanDefinition instance = ((AbstractBeanDefinition) definition).cloneBeanDefinition();
				instance.setPrimary(false);
				String name = "%s-%d".formatted(bean.name(), index + 1);
				beanFactory.registerBeanDefinition(name, instance);
				this.groups.addInstance(name, index);
				this.placed.put(name, new Placed(bean.targetClass(), new Placement(group, index, count)));
			}
		}
		else if (!group.equals(Placement.MAIN)) {
			this.placed.put(bean.name(), new Placed(bean.targetClass(), new Placement(group, 0, 1)));
		}
	}

	private static BeanDefinition requireDefinition(ConfigurableBeanFactory beanFactory, HandlerBean bean) {
		DefaultListableBeanFactory definitions = (DefaultListableBeanFactory) beanFactory;
		String name = bean.name();
		if (!definitions.containsBeanDefinition(name) || BeanFactoryUtils.isFactoryDereference(name)
				|| definitions.isFactoryBean(name)
				|| definitions.containsBeanDefinition(ScopedProxyUtils.getTargetBeanName(name))) {
			throw bean.invalid(
					"it is to have an instance on each loop of a group, and is an object, the product of a factory bean "
							+ "or a scoped proxy",
					"Declare it by an annotation or a @Bean method, without a scoped proxy.");
		}
		return definitions.getBeanDefinition(name);
	}

	private static void declare(BeanDefinitionRegistry registry, Placement place) {
		registry.registerBeanDefinition(beanName(place), definition(MainLoop.class, FACTORY, "build", place));
		RootBeanDefinition files = definition(AsyncFiles.class, FILES_FACTORY, "make", place);
		files.setLazyInit(true);
		files.setDependsOn(beanName(place)); // and so is closed before it
		registry.registerBeanDefinition(filesName(place), files);
	}

	private static RootBeanDefinition definition(Class<?> type, String factory, String method, Placement place) {
		RootBeanDefinition definition = new RootBeanDefinition();
		definition.setTargetType(type);
		definition.setFactoryBeanName(factory);
		definition.setFactoryMethodName(method);
		definition.getConstructorArgumentValues().addIndexedArgumentValue(0, place);
		definition.setDestroyMethodName("close");
		definition.setDefaultCandidate(false);
		definition.addQualifier(new AutowireCandidateQualifier(Qualifier.class, place.loop()));
		definition.setAttribute(GROUP, place.group());
		definition.setAttribute(BeanRegistrationAotProcessor.IGNORE_REGISTRATION_ATTRIBUTE, true);
		return definition;
	}

	/**
	 * Finds the loops of the {@link EventHandler} beans that may ask for theirs: those
	 * that are being made just now, or else, as what they were given provides it later,
	 * those that are made.
	 * @param beanFactory the beans
	 * @param type a type that the bean has to have
	 * @return the places, of which there are several if one of the beans is made for
	 * another or by another thread, or they are instances that ask later
	 */
	List<Placement> whoAsks(ConfigurableBeanFactory beanFactory, Class<?> type) {
		List<Placement> inCreation = places(
				(name, some) -> type.isAssignableFrom(some) && beanFactory.isCurrentlyInCreation(name));
		return inCreation.isEmpty() ? places((name, some) -> type == some) : inCreation;
	}

	private List<Placement> places(BiPredicate<String, Class<?>> condition) {
		List<Placement> found = new ArrayList<>();
		this.placed.forEach((name, some) -> {
			if (condition.test(name, some.type) && !found.contains(some.place)) {
				found.add(some.place);
			}
		});
		return found;
	}

	/**
	 * A handler on another loop than the main loop.
	 *
	 * @param type its class
	 * @param place where it is
	 */
	private record Placed(Class<?> type, Placement place) {

	}

}

package dev.mainloop.handler;

import java.lang.annotation.Annotation;
import java.lang.reflect.Method;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.Collectors;

import dev.mainloop.EventSource;
import dev.mainloop.MainLoop;
import dev.mainloop.annotation.EventHandler;

import org.springframework.aop.framework.autoproxy.AutoProxyUtils;
import org.springframework.aop.scope.ScopedProxyUtils;
import org.springframework.beans.factory.SmartInitializingSingleton;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.core.MethodIntrospector;
import org.springframework.core.annotation.AnnotatedElementUtils;
import org.springframework.core.annotation.AnnotationUtils;
import org.springframework.util.StringValueResolver;

/**
 * The handler methods of the application, found by the types of the beans once all
 * singletons are made. Beans that are lazy or of another scope stay unmade until an event
 * comes for them.
 */
public final class EventHandlers implements SmartInitializingSingleton {

	private final ConfigurableListableBeanFactory beanFactory;

	private final EventQueues queues;

	private final List<EventBinder<?>> binders;

	private final Set<Class<? extends Annotation>> annotations;

	private final List<EventBinding> bindings = new ArrayList<>();

	/**
	 * Creates the handlers of an application.
	 * @param beanFactory its beans
	 * @param queues its queues
	 */
	public EventHandlers(ConfigurableListableBeanFactory beanFactory, EventQueues queues) {
		StringValueResolver values = beanFactory::resolveEmbeddedValue;
		this.beanFactory = beanFactory;
		this.queues = queues;
		this.binders = List.of(new TimerBinder(values), new SignalBinder(values),
				new MessageBinder(beanFactory, queues), DescriptorBinder.readable(beanFactory),
				DescriptorBinder.writable(beanFactory), new EventFdBinder(beanFactory), new ClockSetBinder());
		this.annotations = this.binders.stream()
			.map(EventBinder::annotationType)
			.collect(Collectors.toUnmodifiableSet());
	}

	@Override
	public void afterSingletonsInstantiated() {
		for (String name : this.beanFactory.getBeanNamesForType(Object.class, true, false)) {
			if (!ScopedProxyUtils.isScopedTarget(name)) {
				Class<?> type = AutoProxyUtils.determineTargetClass(this.beanFactory, name);
				if (type != null && AnnotationUtils.isCandidateClass(type, this.annotations)) {
					bind(name, type);
				}
			}
		}
		this.queues.complete();
	}

	private void bind(String beanName, Class<?> type) {
		for (EventBinder<?> binder : this.binders) {
			bind(beanName, type, binder);
		}
	}

	private <A extends Annotation> void bind(String beanName, Class<?> type, EventBinder<A> binder) {
		Map<Method, A> methods = MethodIntrospector.selectMethods(type,
				(MethodIntrospector.MetadataLookup<A>) (method) -> AnnotatedElementUtils.findMergedAnnotation(method,
						binder.annotationType()));
		methods.forEach((method, annotation) -> {
			HandlerMethod handler = new HandlerMethod(new BeanReference(this.beanFactory, beanName),
					beanType(beanName, type), method, annotation, this.queues);
			if (!AnnotatedElementUtils.hasAnnotation(type, EventHandler.class)) {
				throw handler.invalid("its class %s is no @EventHandler".formatted(type.getName()),
						"Annotate the class with @EventHandler.");
			}
			this.bindings.add(binder.bind(handler, annotation));
		});
	}

	private Class<?> beanType(String beanName, Class<?> targetType) {
		Class<?> type = this.beanFactory.getType(beanName, false);
		return (type != null) ? type : targetType;
	}

	/**
	 * Opens the event sources of all handlers.
	 * @param loop the loop
	 * @param opened told of each source once it is open
	 */
	void open(MainLoop loop, Consumer<EventSource> opened) {
		this.bindings.forEach((binding) -> binding.open(loop, opened));
	}

}

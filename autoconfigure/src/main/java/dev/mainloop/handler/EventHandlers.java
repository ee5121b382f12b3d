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
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;

import org.springframework.beans.factory.SmartInitializingSingleton;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.core.MethodIntrospector;
import org.springframework.core.annotation.AnnotatedElementUtils;
import org.springframework.core.annotation.AnnotationUtils;
import org.springframework.core.annotation.MergedAnnotations;
import org.springframework.core.annotation.MergedAnnotations.SearchStrategy;
import org.springframework.util.StringValueResolver;

/**
 * The handler methods of the application, found by the types of the beans once all
 * singletons are made. Beans that are lazy or of another scope stay unmade until an event
 * comes for them.
 */
public final class EventHandlers implements SmartInitializingSingleton {

	private static final Log logger = LogFactory.getLog(EventHandlers.class);

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
				DescriptorBinder.writable(beanFactory), DescriptorBinder.exceptional(beanFactory),
				new EventFdBinder(beanFactory), new ClockSetBinder());
		this.annotations = this.binders.stream()
			.map(EventBinder::annotationType)
			.collect(Collectors.toUnmodifiableSet());
	}

	@Override
	public void afterSingletonsInstantiated() {
		new HandlerBeans(this.beanFactory).forEach((bean) -> {
			Map<Method, MergedAnnotations> methods = annotatedMethods(bean.targetClass());
			methods.forEach((method, found) -> this.binders.forEach((binder) -> bind(bean, method, found, binder)));
		});
		this.queues.complete();
	}

	private Map<Method, MergedAnnotations> annotatedMethods(Class<?> type) {
		if (!AnnotationUtils.isCandidateClass(type, this.annotations)) {
			return Map.of();
		}
		try {
			return MethodIntrospector.selectMethods(type, this::annotations);
		}
		catch (IllegalStateException ex) {
			if (isEventHandler(type)) {
				throw ex;
			}
			logger.debug("%s has a method of a class that is missing, and so no handlers".formatted(type), ex);
			return Map.of();
		}
	}

	private @Nullable MergedAnnotations annotations(Method method) {
		MergedAnnotations all = MergedAnnotations.from(method, SearchStrategy.TYPE_HIERARCHY);
		return this.annotations.stream().anyMatch(all::isPresent) ? all : null;
	}

	private <A extends Annotation> void bind(HandlerBean bean, Method method, MergedAnnotations found,
			EventBinder<A> binder) {
		HandlerAnnotations<A> annotations = HandlerAnnotations.of(found, binder.annotationType());
		for (A annotation : annotations.list()) {
			HandlerMethod handler = new HandlerMethod(new BeanReference(this.beanFactory, bean.name()), bean.type(),
					method, annotation, this.queues);
			if (!isEventHandler(bean.targetClass())) {
				throw handler.invalid("its class %s is no @EventHandler".formatted(bean.targetClass().getName()),
						"Annotate the class with @EventHandler.");
			}
			bean.requireUnique(handler);
			annotations.requireClear(handler);
			this.bindings.add(binder.bind(handler, annotation));
		}
	}

	private static boolean isEventHandler(Class<?> type) {
		return AnnotatedElementUtils.hasAnnotation(type, EventHandler.class);
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

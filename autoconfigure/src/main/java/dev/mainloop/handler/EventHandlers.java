package dev.mainloop.handler;

import java.lang.annotation.Annotation;
import java.lang.reflect.Method;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.Collectors;

import dev.mainloop.EventSource;
import dev.mainloop.MainLoop;

import org.springframework.beans.factory.SmartInitializingSingleton;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.core.annotation.MergedAnnotations;
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

	private final AnnotatedMethods annotatedMethods;

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
		this.annotatedMethods = new AnnotatedMethods(
				this.binders.stream().map(EventBinder::annotationType).collect(Collectors.toUnmodifiableSet()));
	}

	@Override
	public void afterSingletonsInstantiated() {
		new HandlerBeans(this.beanFactory).forEach((bean) -> {
			this.annotatedMethods.of(bean)
				.forEach((method, found) -> this.binders.forEach((binder) -> bind(bean, method, found, binder)));
		});
		this.queues.complete();
	}

	private <A extends Annotation> void bind(HandlerBean bean, Method method, MergedAnnotations found,
			EventBinder<A> binder) {
		HandlerAnnotations<A> annotations = HandlerAnnotations.of(found, binder.annotationType());
		for (A annotation : annotations.list()) {
			HandlerMethod handler = new HandlerMethod(new BeanReference(this.beanFactory, bean.name()), bean.type(),
					method, annotation, this.queues);
			if (!bean.isEventHandler()) {
				throw handler.invalid("its class %s is no @EventHandler".formatted(bean.targetClass().getName()),
						"Annotate the class with @EventHandler.");
			}
			bean.requireUnique(handler);
			annotations.requireClear(handler);
			this.bindings.add(binder.bind(handler, annotation));
		}
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

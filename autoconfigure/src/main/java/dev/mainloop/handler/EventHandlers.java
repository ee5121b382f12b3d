package dev.mainloop.handler;

import java.lang.annotation.Annotation;
import java.lang.reflect.Method;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;

import dev.mainloop.EventSource;
import dev.mainloop.MainLoop;
import dev.mainloop.RunningHandler;
import dev.mainloop.annotation.Blocking;
import dev.mainloop.annotation.Instances;
import dev.mainloop.log.LogText;
import dev.mainloop.log.LogThrowable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.SmartInitializingSingleton;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.core.annotation.MergedAnnotations;

/**
 * The handler methods of the application, found by the types of the beans once all
 * singletons are made. Beans that are lazy or of another scope stay unmade until an event
 * comes for them; one whose type does not tell is found when it is made. For one thread
 * at a time.
 */
public final class EventHandlers implements SmartInitializingSingleton {

	private static final Logger logger = LoggerFactory.getLogger(EventHandlers.class);

	/** That of a method which another instance of its bean is called for. */
	private static final EventBinding none = (loop, opened) -> {
	};

	private final ConfigurableListableBeanFactory beanFactory;

	private final MainLoops loops;

	private final EventQueues queues;

	private final List<EventBinder<?>> binders;

	private final AnnotatedMethods annotatedMethods;

	private final BlockingMethods blockingMethods;

	private final List<PlacedBinding> bindings = new ArrayList<>();

	private final List<HandlerMethod> methods = new CopyOnWriteArrayList<>();

	private List<HandlerCallDecorator> decorators = List.of();

	/** The beans that were found as they were made and are not bound yet. */
	private final Queue<HandlerBean> late = new ConcurrentLinkedQueue<>();

	private volatile Runnable lateListener = () -> {
	};

	/**
	 * Creates the handlers of an application.
	 * @param beanFactory its beans
	 * @param queues its queues
	 */
	public EventHandlers(ConfigurableListableBeanFactory beanFactory, EventQueues queues) {
		AttributeValues values = new AttributeValues(beanFactory);
		ObjectProvider<Children> children = beanFactory.getBeanProvider(Children.class, false);
		this.beanFactory = beanFactory;
		this.loops = queues.loops();
		this.queues = queues;
		this.binders = List.of(new TimerBinder(values, beanFactory.getBeanProvider(TimerMethodListener.class, false)),
				new SignalBinder(values), new MessageBinder(beanFactory, queues),
				DescriptorBinder.readable(beanFactory), DescriptorBinder.writable(beanFactory),
				DescriptorBinder.exceptional(beanFactory), new EventFdBinder(beanFactory),
				new LineBinder(beanFactory, values, children), new AcceptBinder(beanFactory, values),
				new ClockSetBinder(),
				new PressureBinder(values, beanFactory.getBeanProvider(PressureTriggers.class, false)),
				new FileChangeBinder(values, beanFactory.getBeanProvider(FileWatchers.class, false)),
				new ChildExitBinder(beanFactory, values, children));
		Set<Class<? extends Annotation>> annotations = new HashSet<>();
		this.binders.forEach((binder) -> annotations.add(binder.annotationType()));
		annotations.add(Blocking.class);
		this.annotatedMethods = new AnnotatedMethods(annotations);
		this.blockingMethods = new BlockingMethods(this.loops);
	}

	@Override
	public void afterSingletonsInstantiated() {
		this.decorators = this.beanFactory.getBeanProvider(HandlerCallDecorator.class, false).orderedStream().toList();
		this.queues.carry(this.beanFactory.getBeanProvider(SenderContext.class, false).orderedStream().toList());
		Set<String> names = new HashSet<>();
		new HandlerBeans(this.beanFactory).forEach((bean) -> {
			if (!bind(bean).isEmpty()) {
				names.add(bean.name());
			}
			else if (bean.isEventHandler()) {
				logger.warn("The bean '%s' is an @EventHandler, and its class %s has no handler methods"
					.formatted(LogText.of(bean.name()), bean.targetClass().getName()));
			}
		});
		this.queues.complete();
		this.beanFactory.addBeanPostProcessor(new LateHandlers(this.beanFactory, names, (bean) -> {
			this.late.add(bean);
			this.lateListener.run();
		}));
	}

	private List<PlacedBinding> bind(HandlerBean bean) {
		List<PlacedBinding> bound = new ArrayList<>();
		Map<Method, MergedAnnotations> methods = this.annotatedMethods.of(bean);
		methods.forEach((method, found) -> bind(bean, method, found, bound));
		SharedFields.requireNone(bean, methods);
		this.bindings.addAll(bound);
		return bound;
	}

	private void bind(HandlerBean bean, Method method, MergedAnnotations found, List<PlacedBinding> bound) {
		int before = bound.size();
		this.binders.forEach((binder) -> bind(bean, method, found, binder, bound));
		if (bound.size() == before) {
			throw BlockingMethods.invalid(bean, method, "it is no handler",
					"Say what it handles, as by @OnMessage, or remove @Blocking.");
		}
	}

	private <A extends Annotation> void bind(HandlerBean bean, Method method, MergedAnnotations found,
			EventBinder<A> binder, List<PlacedBinding> bound) {
		HandlerAnnotations<A> annotations = HandlerAnnotations.of(found, binder.annotationType());
		for (A annotation : annotations.list()) {
			Placement place = this.loops.placement(bean);
			HandlerMethod handler = new HandlerMethod(new BeanReference(this.beanFactory, bean.name()), bean.type(),
					place, method, annotation, this.blockingMethods.calls(bean, method, found, place), this.queues,
					this.decorators);
			if (!bean.isEventHandler()) {
				throw handler.invalid("its class %s is no @EventHandler".formatted(bean.targetClass().getName()),
						"Annotate the class with @EventHandler.");
			}
			KotlinFunction.requireSameTypes(handler);
			bean.requireUnique(handler);
			annotations.requireClear(handler);
			EventBinding binding = binder.bind(handler, annotation);
			boolean called = place.isFirst() || binder.instances(annotation) == Instances.EACH;
			bound.add(new PlacedBinding(place, called ? binding : none));
			if (called) {
				this.methods.add(handler);
			}
		}
	}

	/**
	 * Sets who is told, by any thread, that there are handlers to be opened late.
	 * @param listener is told
	 */
	void onLate(Runnable listener) {
		this.lateListener = listener;
	}

	/** Returns the names of the beans that were found as they were made, to be opened. */
	List<String> lateNames() {
		return this.late.stream().map(HandlerBean::name).toList();
	}

	boolean hasLate() {
		return !this.late.isEmpty();
	}

	/**
	 * Names a handler that runs. May be asked by any thread.
	 * @param running the handler
	 * @return bean and method, or the description of its source if it is no method of a
	 * bean
	 */
	public String name(RunningHandler running) {
		List<StackTraceElement> stack = running.stack();
		for (int i = stack.size() - 1; i >= 0; i--) {
			StackTraceElement frame = stack.get(i);
			Optional<HandlerMethod> method = this.methods.stream().filter((some) -> some.isCalledBy(frame)).findFirst();
			if (method.isPresent()) {
				return method.get().name();
			}
		}
		return running.source();
	}

	/**
	 * Names the handlers of an event source. May be asked by any thread.
	 * @param source the source
	 * @return bean and method of each, none if they are not methods of beans
	 */
	public List<String> names(EventSource source) {
		List<String> listeners = this.queues.listeners(source).stream().map(MessageListener::toString).toList();
		return !listeners.isEmpty() ? listeners
				: this.methods.stream()
					.map(HandlerMethod::name)
					.filter(source.description()::equals)
					.distinct()
					.toList();
	}

	/**
	 * Tells which messages the handlers of a queue take. May be asked by any thread.
	 * @param queue the queue
	 * @return their types, none if the handlers are not methods of beans
	 */
	public List<String> messageTypes(EventSource queue) {
		return this.queues.listeners(queue)
			.stream()
			.map(MessageListener::payload)
			.map(PayloadType::toString)
			.distinct()
			.toList();
	}

	/**
	 * Opens the event sources of the handlers on a loop.
	 * @param place the place of the loop
	 * @param loop the loop
	 * @param opened told of each source once it is open
	 */
	void open(Placement place, MainLoop loop, Consumer<EventSource> opened) {
		open(this.bindings, place, loop, opened);
	}

	/** Has what methods on a loop return awaited, as it is about to start. */
	void begin(Placement place) {
		this.queues.results().begin(place);
	}

	/** Cancels what methods on a loop have returned, as it is about to stop. */
	void end(Placement place) {
		this.queues.results().end(place);
	}

	/** Cancels the requests that wait for a loop, as it has stopped. */
	void stopped(Placement place) {
		this.queues.results().stopped(place);
	}

	private static void open(List<PlacedBinding> bindings, Placement place, MainLoop loop,
			Consumer<EventSource> opened) {
		bindings.stream()
			.filter((binding) -> binding.place.equals(place))
			.forEach((binding) -> binding.binding.open(loop, opened));
	}

	/**
	 * Binds the handlers that were found since, and returns what opens their event
	 * sources on the loop that they are on.
	 */
	List<PlacedBinding> bindLate() {
		List<PlacedBinding> bound = new ArrayList<>();
		for (HandlerBean bean = this.late.poll(); bean != null; bean = this.late.poll()) {
			try {
				bound.addAll(bind(bean));
			}
			catch (InvalidHandlerException ex) {
				logger.error("%s. %s".formatted(ex.getMessage(), ex.getAction()), LogThrowable.of(ex));
			}
		}
		return bound;
	}

	/**
	 * What opens the event sources of a method.
	 *
	 * @param place the loop that it is on
	 * @param binding opens them
	 */
	record PlacedBinding(Placement place, EventBinding binding) {

	}

}

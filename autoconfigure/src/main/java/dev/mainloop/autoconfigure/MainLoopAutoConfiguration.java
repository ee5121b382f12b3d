package dev.mainloop.autoconfigure;

import java.util.Map;
import java.util.function.UnaryOperator;

import dev.mainloop.ErrorHandler;
import dev.mainloop.EventQueue;
import dev.mainloop.MainLoop;
import dev.mainloop.MainLoopBuilder;
import dev.mainloop.MainLoopGroup;
import dev.mainloop.MainLoopInvoker;
import dev.mainloop.MainLoopRunner;
import dev.mainloop.MainLoopThread;
import dev.mainloop.annotation.QueueName;
import dev.mainloop.fd.PressureTrigger;
import dev.mainloop.file.AsyncFiles;
import dev.mainloop.handler.Children;
import dev.mainloop.handler.EventHandlers;
import dev.mainloop.handler.EventQueues;
import dev.mainloop.handler.FileWatchers;
import dev.mainloop.handler.LoopBeans;
import dev.mainloop.handler.LoopFiles;
import dev.mainloop.handler.MainLoopLifecycle;
import dev.mainloop.handler.MainLoops;
import dev.mainloop.handler.Placement;
import dev.mainloop.handler.PressureTriggers;
import dev.mainloop.handler.QueueBeans;
import dev.mainloop.handler.QueueConfiguration;
import dev.mainloop.handler.UnavailableQueue;
import dev.mainloop.handler.UnavailableQueues;
import dev.mainloop.handler.UnservedHandlers;
import dev.mainloop.health.BlockedHandlerWatch;
import dev.mainloop.libc.LibC;
import dev.mainloop.libc.Unavailability;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import org.springframework.beans.factory.BeanFactory;
import org.springframework.beans.factory.InjectionPoint;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.beans.factory.config.ConfigurableBeanFactory;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.beans.factory.config.DependencyDescriptor;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.autoconfigure.condition.SearchStrategy;
import org.springframework.boot.autoconfigure.context.LifecycleProperties;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.boot.context.properties.bind.BindHandler;
import org.springframework.boot.context.properties.bind.Bindable;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.thread.Threading;
import org.springframework.context.ApplicationContext;
import org.springframework.context.ApplicationEventPublisher;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Conditional;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Fallback;
import org.springframework.context.annotation.Import;
import org.springframework.context.annotation.Lazy;
import org.springframework.context.annotation.Primary;
import org.springframework.context.annotation.Scope;
import org.springframework.core.annotation.MergedAnnotation;
import org.springframework.core.annotation.MergedAnnotations;
import org.springframework.core.env.Environment;
import org.springframework.util.function.SingletonSupplier;

/**
 * {@link EnableAutoConfiguration Auto-configuration} for the {@link MainLoop} and the
 * event handlers on it.
 */
@AutoConfiguration
@EnableConfigurationProperties(MainLoopProperties.class)
@Import({ MainLoopBindHandler.Advisor.class, QueueBeans.class })
public final class MainLoopAutoConfiguration {

	@Configuration(proxyBeanMethods = false)
	@Conditional(OnMainLoopCondition.class)
	static class AvailableConfiguration {

		private static final String LIFECYCLE = "mainLoopLifecycle";

		@Bean
		ApplicationErrorHandler mainLoopErrorHandler(ObjectProvider<ErrorHandler> errorHandler,
				ObjectProvider<org.springframework.util.ErrorHandler> springErrorHandler) {
			return new ApplicationErrorHandler(errorHandler, springErrorHandler);
		}

		/**
		 * Binds what says which loops there are, which is asked before there are beans.
		 */
		@Bean
		static LoopBeans mainLoopBeans(Environment environment) {
			MainLoopProperties properties = new MainLoopProperties();
			properties.getLoops()
				.putAll(Binder.get(environment)
					.bind(MainLoopPropertyNames.LOOPS, Bindable.mapOf(String.class, MainLoopProperties.Loop.class),
							new MainLoopBindHandler(BindHandler.DEFAULT))
					.orElse(Map.of()));
			return new LoopBeans(properties.requiredLoops(),
					(group) -> properties.loop(group).count(MainLoopPropertyNames.LOOPS + "." + group + ".count"),
					environment::resolveRequiredPlaceholders);
		}

		@Bean
		MainLoopGroup mainLoopGroup() {
			return new MainLoopGroup();
		}

		@Bean(LoopBeans.FACTORY)
		PropertiesLoopFactory mainLoopFactory(MainLoopProperties properties, ApplicationErrorHandler errorHandler,
				ObjectProvider<LifecycleProperties> lifecycle, MainLoopGroup group, ConfigurableBeanFactory beanFactory,
				ObjectProvider<EventQueues> queues, ObjectProvider<MainLoopBuilderCustomizer> customizers) {
			SingletonSupplier<EventQueues> made = SingletonSupplier.of(queues::getObject);
			return new PropertiesLoopFactory(properties, errorHandler,
					lifecycle.getIfAvailable(LifecycleProperties::new), group,
					new ApplicationWorkers(beanFactory, LIFECYCLE), () -> made.obtain().capture(), customizers);
		}

		@Bean(name = ApplicationWorkers.BEAN_NAME, defaultCandidate = false)
		@Lazy
		@ConditionalOnMissingBean(name = ApplicationWorkers.BEAN_NAME)
		WorkerPool mainLoopWorkers(MainLoop mainLoop, MainLoopProperties properties, Environment environment) {
			return new WorkerPool(mainLoop, properties.getWorkers(), Threading.VIRTUAL.isActive(environment));
		}

		@Bean
		@Scope(ConfigurableBeanFactory.SCOPE_PROTOTYPE)
		MainLoopBuilder mainLoopBuilder(PropertiesLoopFactory factory) {
			return factory.builder(Placement.OF_MAIN);
		}

		@Bean
		@Primary
		@Qualifier(Placement.MAIN)
		@ConditionalOnMissingBean(search = SearchStrategy.CURRENT)
		MainLoop mainLoop(MainLoopBuilder builder) {
			return builder.build();
		}

		@Bean
		MainLoops mainLoops(MainLoop mainLoop, LoopBeans beans, BeanFactory beanFactory) {
			return MainLoops.of(mainLoop, beans, beanFactory);
		}

		@Bean(LoopBeans.FILES_FACTORY)
		LoopFiles mainLoopFilesFactory(MainLoops loops, MainLoopProperties properties,
				ObjectProvider<AsyncFilesBuilderCustomizer> customizers) {
			return new LoopFiles(loops, (place, builder) -> {
				properties.apply(place, builder);
				customizers.orderedStream().forEach((customizer) -> customizer.customize(place, builder));
			});
		}

		@Bean
		@Lazy
		@Primary
		@Qualifier(Placement.MAIN)
		@ConditionalOnMissingBean(search = SearchStrategy.CURRENT)
		AsyncFiles mainLoopFiles(LoopFiles factory) {
			return factory.make(Placement.OF_MAIN);
		}

		@Bean(QueueBeans.QUEUES)
		EventQueues mainLoopEventQueues(MainLoops loops, MainLoopProperties properties,
				ConfigurableListableBeanFactory beanFactory) {
			return new EventQueues(loops,
					new QueueConfiguration((place, queue) -> properties.queue(place.group(), queue),
							properties.getQueues().keySet(), properties.optionalQueues(),
							properties.getRequestTimeout()),
					beanFactory);
		}

		@Bean(QueueBeans.ANY_QUEUE)
		@Fallback
		@Scope(ConfigurableBeanFactory.SCOPE_PROTOTYPE)
		@SuppressWarnings("unchecked")
		<T> @Nullable EventQueue<T> mainLoopEventQueue(EventQueues queues, InjectionPoint injectionPoint,
				ConfigurableBeanFactory beanFactory) {
			DependencyDescriptor dependency = (DependencyDescriptor) injectionPoint;
			if (dependency.getDependencyType() != EventQueue.class) {
				return null;
			}
			String name = MergedAnnotations.from(injectionPoint.getAnnotations())
				.get(QueueName.class)
				.getValue(MergedAnnotation.VALUE, String.class)
				.map(beanFactory::resolveEmbeddedValue)
				.orElse("");
			return (EventQueue<T>) queues.get(name, MessageType.of(dependency),
					injectionPoint.getMember().getDeclaringClass().getName());
		}

		@Bean
		EventHandlers mainLoopEventHandlers(ConfigurableListableBeanFactory beanFactory, EventQueues queues) {
			return new EventHandlers(beanFactory, queues);
		}

		@Bean
		@Lazy
		@ConditionalOnMissingBean
		PressureTriggers mainLoopPressureTriggers() {
			return new PressureTriggers(PressureTrigger::open);
		}

		@Bean
		@Lazy
		@ConditionalOnMissingBean
		FileWatchers mainLoopFileWatchers() {
			return new FileWatchers(UnaryOperator.identity());
		}

		@Bean
		Children mainLoopChildren() {
			return new Children();
		}

		@Bean
		UnservedHandlers mainLoopUnservedHandlers(ApplicationContext context) {
			return new UnservedHandlers(context);
		}

		@Bean(LIFECYCLE)
		MainLoopLifecycle mainLoopLifecycle(MainLoops loops, MainLoopGroup group,
				ObjectProvider<MainLoopRunner> mainRunner, ObjectProvider<MainLoopRunnerFactory> runners,
				EventHandlers handlers, ObjectProvider<LifecycleProperties> lifecycle) {
			MainLoopRunnerFactory others = runners.getIfAvailable(() -> (place, loop) -> new MainLoopThread(loop));
			return new MainLoopLifecycle(loops, group,
					(place, loop) -> place.isMain() ? mainRunner.getIfAvailable(() -> new MainLoopThread(loop))
							: others.runner(place, loop),
					handlers, lifecycle.getIfAvailable(LifecycleProperties::new).getTimeoutPerShutdownPhase());
		}

		@Bean
		@Conditional(OnBlockedHandlerWatchCondition.class)
		@ConditionalOnMissingBean(MainLoopInvoker.class)
		BlockedHandlerWatch mainLoopBlockedHandlerWatch(MainLoops loops, MainLoopProperties properties,
				EventHandlers handlers, ApplicationEventPublisher publisher) {
			return new BlockedHandlerWatch(loops, properties::warnAfter, handlers::name, publisher);
		}

	}

	@Configuration(proxyBeanMethods = false)
	@Conditional(OnMainLoopCondition.Unavailable.class)
	static class UnavailableConfiguration {

		private static final Logger logger = LoggerFactory.getLogger(MainLoopAutoConfiguration.class);

		private final String cause;

		UnavailableConfiguration(MainLoopProperties properties) {
			Unavailability unavailability = properties.isEnabled() ? LibC.unavailability() : null;
			this.cause = (unavailability != null) ? unavailability.cause() : OnMainLoopCondition.ENABLED + " is false";
			String message = "The application starts without a main loop, and no event handler is called: "
					+ this.cause;
			if (unavailability != null) {
				logger.warn(message + ". " + unavailability.remedy());
			}
			else {
				logger.info(message);
			}
		}

		@Bean(QueueBeans.QUEUES)
		UnavailableQueues mainLoopEventQueues() {
			return new UnavailableQueues(this.cause);
		}

		@Bean(QueueBeans.ANY_QUEUE)
		@Fallback
		@Scope(ConfigurableBeanFactory.SCOPE_PROTOTYPE)
		<T> EventQueue<T> mainLoopEventQueue() {
			return new UnavailableQueue<>(this.cause);
		}

	}

}

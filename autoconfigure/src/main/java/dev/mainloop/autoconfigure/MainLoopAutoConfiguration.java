package dev.mainloop.autoconfigure;

import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

import dev.mainloop.ErrorHandler;
import dev.mainloop.EventQueue;
import dev.mainloop.MainLoop;
import dev.mainloop.MainLoopBuilder;
import dev.mainloop.MainLoopInvoker;
import dev.mainloop.MainLoopRunner;
import dev.mainloop.MainLoopThread;
import dev.mainloop.Overflow;
import dev.mainloop.annotation.QueueName;
import dev.mainloop.handler.EventHandlers;
import dev.mainloop.handler.EventQueues;
import dev.mainloop.handler.MainLoopLifecycle;
import dev.mainloop.handler.QueueBeans;
import dev.mainloop.handler.QueueSettings;
import dev.mainloop.handler.UnavailableQueue;
import dev.mainloop.handler.UnavailableQueues;
import dev.mainloop.handler.UnservedHandlers;
import dev.mainloop.health.BlockedHandlerWatch;
import dev.mainloop.libc.LibC;
import dev.mainloop.libc.Unavailability;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import org.springframework.beans.factory.InjectionPoint;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.config.ConfigurableBeanFactory;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.beans.factory.config.DependencyDescriptor;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.autoconfigure.condition.SearchStrategy;
import org.springframework.boot.autoconfigure.context.LifecycleProperties;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.ApplicationContext;
import org.springframework.context.ApplicationEventPublisher;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Conditional;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Fallback;
import org.springframework.context.annotation.Import;
import org.springframework.context.annotation.Scope;
import org.springframework.core.annotation.MergedAnnotation;
import org.springframework.core.annotation.MergedAnnotations;

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

		/**
		 * How long SIGTERM waits for its handlers, if a phase of the shutdown may take
		 * long.
		 */
		private static final Duration LONGEST_EXIT_TIMEOUT = Duration.ofSeconds(5);

		@Bean
		ApplicationErrorHandler mainLoopErrorHandler(ObjectProvider<ErrorHandler> errorHandler,
				ObjectProvider<org.springframework.util.ErrorHandler> springErrorHandler) {
			return new ApplicationErrorHandler(errorHandler, springErrorHandler);
		}

		@Bean
		@Scope(ConfigurableBeanFactory.SCOPE_PROTOTYPE)
		MainLoopBuilder mainLoopBuilder(MainLoopProperties properties, ApplicationErrorHandler errorHandler,
				ObjectProvider<LifecycleProperties> lifecycle) {
			return MainLoop.builder()
				.multiplexer(properties.getMultiplexer())
				.signals(properties.getSignals())
				.taskCapacity(properties.getQueueCapacity())
				.budget(properties.getBudget())
				.timeSlice(properties.getTimeSlice())
				.busyPoll(properties.getBusyPoll())
				.exitTimeout(exitTimeout(lifecycle.getIfAvailable(LifecycleProperties::new)))
				.errorPolicy(properties.getHandlerErrors(), properties.getHandlerErrorLimit())
				.spinPolicy(properties.getSpinningHandlers())
				.errorHandler(errorHandler::handleError);
		}

		/** Leaves as much of a phase to the stop and the end that follow. */
		private static Duration exitTimeout(LifecycleProperties lifecycle) {
			Duration half = lifecycle.getTimeoutPerShutdownPhase().dividedBy(2);
			return (half.compareTo(LONGEST_EXIT_TIMEOUT) < 0) ? half : LONGEST_EXIT_TIMEOUT;
		}

		@Bean
		@ConditionalOnMissingBean(search = SearchStrategy.CURRENT)
		MainLoop mainLoop(MainLoopBuilder builder) {
			return builder.build();
		}

		@Bean(QueueBeans.QUEUES)
		EventQueues mainLoopEventQueues(MainLoop mainLoop, MainLoopProperties properties) {
			QueueSettings settings = new QueueSettings(properties.getQueueCapacity(), properties.getQueueOverflow());
			Map<String, QueueSettings> named = new HashMap<>();
			Set<String> optional = new HashSet<>();
			properties.getQueues().forEach((name, queue) -> {
				named.put(name, settings(queue, settings));
				if (queue.optional()) {
					optional.add(name);
				}
			});
			return new EventQueues(mainLoop, settings, named, optional);
		}

		private static QueueSettings settings(MainLoopProperties.Queue queue, QueueSettings defaults) {
			Integer capacity = queue.getCapacity();
			Overflow overflow = queue.getOverflow();
			return new QueueSettings((capacity != null) ? capacity : defaults.capacity(),
					(overflow != null) ? overflow : defaults.overflow());
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
		UnservedHandlers mainLoopUnservedHandlers(ApplicationContext context) {
			return new UnservedHandlers(context);
		}

		@Bean
		MainLoopLifecycle mainLoopLifecycle(MainLoop mainLoop, ObjectProvider<MainLoopRunner> runner,
				EventHandlers handlers, ObjectProvider<LifecycleProperties> lifecycle) {
			return new MainLoopLifecycle(mainLoop, runner.getIfAvailable(() -> new MainLoopThread(mainLoop)), handlers,
					lifecycle.getIfAvailable(LifecycleProperties::new).getTimeoutPerShutdownPhase());
		}

		@Bean
		@Conditional(OnBlockedHandlerWatchCondition.class)
		@ConditionalOnMissingBean(MainLoopInvoker.class)
		BlockedHandlerWatch mainLoopBlockedHandlerWatch(MainLoop mainLoop, MainLoopProperties properties,
				EventHandlers handlers, ApplicationEventPublisher publisher) {
			return new BlockedHandlerWatch(mainLoop, properties.getBlockedHandler().getWarnAfter(), handlers::name,
					publisher);
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

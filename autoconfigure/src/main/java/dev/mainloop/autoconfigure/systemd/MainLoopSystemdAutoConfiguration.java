package dev.mainloop.autoconfigure.systemd;

import dev.mainloop.MainLoop;
import dev.mainloop.autoconfigure.MainLoopAutoConfiguration;
import dev.mainloop.autoconfigure.MainLoopProperties;
import dev.mainloop.fd.Signal;
import dev.mainloop.handler.MainLoops;
import dev.mainloop.systemd.ServiceManager;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.config.BeanFactoryPostProcessor;
import org.springframework.beans.factory.config.ConfigurableBeanFactory;
import org.springframework.beans.factory.config.EmbeddedValueResolver;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.autoconfigure.availability.ApplicationAvailabilityAutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.context.LifecycleProperties;
import org.springframework.boot.availability.ApplicationAvailability;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.source.InvalidConfigurationPropertyValueException;
import org.springframework.context.ApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.env.Environment;

/**
 * {@link EnableAutoConfiguration Auto-configuration} for {@link ServiceNotifications}.
 * Whether a service manager has started the application is looked for when it runs, as
 * its beans may have been found when it was built.
 */
@AutoConfiguration(after = { MainLoopAutoConfiguration.class, ApplicationAvailabilityAutoConfiguration.class })
public final class MainLoopSystemdAutoConfiguration {

	private static final Logger logger = LoggerFactory.getLogger(MainLoopSystemdAutoConfiguration.class);

	private static final String PREFIX = "mainloop.systemd";

	@Bean
	ServiceNotifications mainLoopServiceNotifications(Environment environment) {
		MainLoopProperties.Systemd properties = environment.containsProperty("NOTIFY_SOCKET") ? properties(environment)
				: new MainLoopProperties.Systemd();
		return new ServiceNotifications(properties.isEnabled() ? manager(environment, properties) : null, properties);
	}

	static MainLoopProperties.Systemd properties(Environment environment) {
		return Binder.get(environment)
			.bind(PREFIX, MainLoopProperties.Systemd.class)
			.orElseGet(MainLoopProperties.Systemd::new);
	}

	private static @Nullable ServiceManager manager(Environment environment, MainLoopProperties.Systemd properties) {
		try {
			return ServiceManager.find(environment::getProperty, properties.isMainPid()).orElse(null);
		}
		catch (IllegalArgumentException ex) {
			logger.warn("The service manager is told nothing: {}", ex.getMessage());
			return null;
		}
	}

	/** Before all other beans are made, which may take long. */
	@Bean
	static BeanFactoryPostProcessor mainLoopServiceStart() {
		return (beanFactory) -> beanFactory.getBean(ServiceNotifications.class).starting();
	}

	@Configuration(proxyBeanMethods = false)
	@ConditionalOnBean(MainLoop.class)
	static class LoopConfiguration {

		@Bean
		ServiceLifecycle mainLoopServiceLifecycle(ServiceNotifications notifications, MainLoops loops,
				ApplicationContext context, ObjectProvider<ApplicationAvailability> availability,
				ObjectProvider<LifecycleProperties> lifecycle) {
			return new ServiceLifecycle(notifications, loops, context, availability.getIfAvailable(),
					lifecycle.getIfAvailable(LifecycleProperties::new).getTimeoutPerShutdownPhase());
		}

		@Bean
		ReloadNotifications mainLoopReloadNotifications(ServiceNotifications notifications,
				MainLoopProperties properties, ConfigurableBeanFactory beanFactory) {
			String name = properties.getSystemd().getReloadSignal();
			try {
				return new ReloadNotifications(notifications, Signal.of(name), new EmbeddedValueResolver(beanFactory));
			}
			catch (IllegalArgumentException ex) {
				throw new InvalidConfigurationPropertyValueException(PREFIX + ".reload-signal", name,
						String.valueOf(ex.getMessage()));
			}
		}

		@Bean
		BlockedHandlerStatus mainLoopBlockedHandlerStatus(ServiceNotifications notifications) {
			return new BlockedHandlerStatus(notifications);
		}

	}

}

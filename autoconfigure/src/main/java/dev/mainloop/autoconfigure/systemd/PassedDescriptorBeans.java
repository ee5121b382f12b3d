package dev.mainloop.autoconfigure.systemd;

import java.util.Map;

import dev.mainloop.fd.FileDescriptor;
import dev.mainloop.libc.ErrnoException;
import dev.mainloop.libc.LibC;
import dev.mainloop.systemd.PassedDescriptors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import org.springframework.context.ApplicationContextInitializer;
import org.springframework.context.ConfigurableApplicationContext;

/**
 * Makes each file descriptor that the service manager has passed to the application a
 * bean by its name: before there are other beans, so that one of them can stand in where
 * there is none.
 */
public final class PassedDescriptorBeans implements ApplicationContextInitializer<ConfigurableApplicationContext> {

	private static final Logger logger = LoggerFactory.getLogger(PassedDescriptorBeans.class);

	@Override
	public void initialize(ConfigurableApplicationContext context) {
		if (context.getEnvironment().containsProperty("LISTEN_FDS")
				&& MainLoopSystemdAutoConfiguration.properties(context.getEnvironment()).isEnabled()
				&& LibC.unavailability() == null) {
			register(context);
		}
	}

	private void register(ConfigurableApplicationContext context) {
		try {
			Map<String, FileDescriptor> passed = PassedDescriptors.find(context.getEnvironment()::getProperty);
			passed.forEach(context.getBeanFactory()::registerSingleton);
			if (!passed.isEmpty()) {
				logger.info("The service manager has passed the file descriptors {}, which are beans", passed.keySet());
			}
		}
		catch (IllegalArgumentException | ErrnoException ex) {
			logger.warn("File descriptors that the service manager has passed are not used: {}", ex.getMessage());
		}
	}

}

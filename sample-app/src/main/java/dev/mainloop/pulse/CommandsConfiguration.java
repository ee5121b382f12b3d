package dev.mainloop.pulse;

import java.io.IOException;

import dev.mainloop.fd.FileDescriptor;

import org.springframework.boot.context.properties.source.InvalidConfigurationPropertyValueException;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/**
 * Opens the FIFO. A file descriptor is a bean: an {@code @OnLine} method names it, and
 * the application context closes it.
 */
@Configuration(proxyBeanMethods = false)
class CommandsConfiguration {

	@Bean
	FileDescriptor commands(PulseProperties properties) {
		try {
			PrivateDirectory.of(properties.commands());
		}
		catch (IOException ex) {
			throw new InvalidConfigurationPropertyValueException("pulse.commands", properties.commands(),
					ex.getMessage());
		}
		return FileDescriptor.openFifo(properties.commands());
	}

}

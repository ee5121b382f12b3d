package dev.mainloop.pulse;

import dev.mainloop.fd.FileDescriptor;

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
		PrivateDirectory.of("pulse.commands", properties.commands());
		return FileDescriptor.openFifo(properties.commands());
	}

}

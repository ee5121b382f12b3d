package dev.mainloop.pulse;

import java.io.IOException;

import dev.mainloop.fd.FileDescriptor;

import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/**
 * Opens the FIFO. A file descriptor is a bean: an {@code @OnReadable} method names it,
 * and the application context closes it.
 */
@Configuration(proxyBeanMethods = false)
class CommandsConfiguration {

	@Bean
	FileDescriptor commands(PulseProperties properties) throws IOException {
		PrivateDirectory.of(properties.commands());
		return FileDescriptor.openFifo(properties.commands());
	}

}

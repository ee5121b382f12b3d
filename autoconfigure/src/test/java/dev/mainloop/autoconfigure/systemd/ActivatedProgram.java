package dev.mainloop.autoconfigure.systemd;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Map;

import dev.mainloop.annotation.EventHandler;
import dev.mainloop.annotation.OnLine;
import dev.mainloop.annotation.OnReadable;
import dev.mainloop.autoconfigure.MainLoopAutoConfiguration;
import dev.mainloop.fd.EventFd;
import dev.mainloop.fd.FileDescriptor;

import org.springframework.boot.SpringApplication;
import org.springframework.boot.SpringBootConfiguration;
import org.springframework.boot.autoconfigure.ImportAutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.context.annotation.Bean;

/**
 * An application of its own for {@link PassedDescriptorBeansTests}, which tells what it
 * reads from what was passed to it.
 */
@SpringBootConfiguration(proxyBeanMethods = false)
@ImportAutoConfiguration({ MainLoopAutoConfiguration.class, MainLoopSystemdAutoConfiguration.class })
public class ActivatedProgram {

	/**
	 * Runs until a signal ends it.
	 * @param args properties
	 */
	public static void main(String[] args) {
		SpringApplication.run(ActivatedProgram.class, args);
	}

	@Bean
	@ConditionalOnMissingBean(name = "commands")
	FileDescriptor commands() {
		return EventFd.open(0);
	}

	@Bean
	@ConditionalOnMissingBean(name = "commands-2")
	FileDescriptor otherCommands() {
		return EventFd.open(0);
	}

	@EventHandler
	static class Handler {

		private final ServiceNotifications notifications;

		Handler(ServiceNotifications notifications, Map<String, FileDescriptor> descriptors) {
			this.notifications = notifications;
			notifications.status(descriptors.keySet().toString());
		}

		@OnLine("commands")
		void command(String line) {
			this.notifications.status("line " + line);
		}

		@OnReadable("${other}")
		void message(FileDescriptor descriptor) {
			ByteBuffer buffer = ByteBuffer.allocate(64);
			descriptor.read(buffer);
			this.notifications.status("message " + StandardCharsets.US_ASCII.decode(buffer.flip()));
		}

	}

}

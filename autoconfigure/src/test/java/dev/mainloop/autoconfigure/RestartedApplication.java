package dev.mainloop.autoconfigure;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

import dev.mainloop.EventQueue;
import dev.mainloop.RedeploymentProgram;
import dev.mainloop.annotation.EventHandler;
import dev.mainloop.annotation.OnEventFd;
import dev.mainloop.annotation.OnMessage;
import dev.mainloop.annotation.OnSignal;
import dev.mainloop.annotation.OnTimer;
import dev.mainloop.fd.EventFd;

import org.springframework.boot.SpringBootConfiguration;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.autoconfigure.ImportAutoConfiguration;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;

/**
 * An application that {@link RestartProgram} and {@link RedeploymentProgram} load anew
 * for each start.
 */
@SpringBootConfiguration(proxyBeanMethods = false)
@ImportAutoConfiguration(MainLoopAutoConfiguration.class)
public class RestartedApplication {

	/**
	 * Starts it, lets each of its handlers run and ends it.
	 * @throws Exception if it fails
	 */
	public static void startAndEnd() throws Exception {
		try (ConfigurableApplicationContext context = new SpringApplicationBuilder(RestartedApplication.class)
			.properties("spring.main.banner-mode=off")
			.registerShutdownHook(false)
			.web(WebApplicationType.NONE)
			.run()) {
			Handlers handlers = context.getBean(Handlers.class);
			handlers.done.get(30, TimeUnit.SECONDS);
		}
	}

	/** Starts and ends it, as a servlet container does. */
	public static final class Deployed implements Runnable {

		@Override
		public void run() {
			try {
				startAndEnd();
			}
			catch (Exception ex) {
				throw new IllegalStateException(ex);
			}
		}

	}

	@Bean
	EventFd completions() {
		return EventFd.open(1);
	}

	/**
	 * A message of a type that goes with the application.
	 *
	 * @param text what it says
	 */
	record Message(String text) {

	}

	@EventHandler
	static class Handlers {

		private final EventQueue<Message> messages;

		private final CompletableFuture<Message> done = new CompletableFuture<>();

		Handlers(EventQueue<Message> messages) {
			this.messages = messages;
		}

		@OnEventFd("completions")
		void completed(long count) {
			this.messages.send(new Message("completed"));
			throw new IllegalStateException("expected");
		}

		@OnTimer(every = "1ms")
		void tick() {
		}

		@OnSignal("WINCH")
		void resized() {
		}

		@OnMessage
		void take(Message message) {
			this.done.complete(message);
		}

	}

}

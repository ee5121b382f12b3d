package dev.mainloop.operations;

import java.io.PrintWriter;

import dev.mainloop.annotation.EventHandler;
import dev.mainloop.annotation.OnTimer;

import org.springframework.aot.AotDetector;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/**
 * An application that prints what its endpoints answer.
 */
public final class AotEndpointProgram {

	private static final PrintWriter out = new PrintWriter(System.out, true);

	private AotEndpointProgram() {
	}

	public static void main(String[] args) {
		try (RunningApplication application = RunningApplication.start(Application.class,
				"--management.endpoint.mainloop.access=unrestricted")) {
			out.println("AOT: " + AotDetector.useGeneratedArtifacts());
			out.println(application.get("mainloop").body());
			out.println(application.get("mainloop/handlers.beat").body());
			out.println(application.post("mainloop/handlers.beat", """
					{"enabled": false}""").body());
			out.println(application.get("scheduledtasks").body());
		}
	}

	@Configuration(proxyBeanMethods = false)
	@EnableAutoConfiguration
	static class Application {

		@Bean
		Handlers handlers() {
			return new Handlers();
		}

	}

	@EventHandler
	static class Handlers {

		@OnTimer(every = "1h", initialDelay = "1h")
		void beat() {
		}

	}

}

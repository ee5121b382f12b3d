package dev.mainloop.benchmarks.program;

import java.io.IOException;

import org.springframework.boot.SpringApplication;
import org.springframework.context.ConfigurableApplicationContext;

/**
 * Starts an application, says so, and ends it once its input has ended.
 */
final class Start {

	private Start() {
	}

	static void run(Class<?> application) throws IOException {
		try (ConfigurableApplicationContext context = SpringApplication.run(application)) {
			Output.line("ready");
			while (System.in.read() >= 0) {
				continue;
			}
		}
	}

}

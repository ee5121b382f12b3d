package dev.mainloop.benchmarks.program;

import java.io.IOException;

import dev.mainloop.annotation.EventHandler;
import dev.mainloop.annotation.OnTimer;

import org.springframework.boot.SpringBootConfiguration;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.context.annotation.Import;

/**
 * An application with a loop and a handler.
 */
@SpringBootConfiguration(proxyBeanMethods = false)
@EnableAutoConfiguration
@Import(MainLoopApplication.Beat.class)
public class MainLoopApplication {

	/**
	 * Starts it.
	 * @param args none
	 * @throws IOException if the input cannot be read
	 */
	public static void main(String[] args) throws IOException {
		Start.run(MainLoopApplication.class);
	}

	@EventHandler
	static class Beat {

		@OnTimer(every = "1s")
		void beat() {
			// What it costs to be called is measured elsewhere.
		}

	}

}

package dev.mainloop.cost;

import java.util.stream.Collectors;

import dev.mainloop.annotation.EventHandler;
import dev.mainloop.annotation.OnTimer;

import org.springframework.boot.SpringBootConfiguration;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.boot.context.annotation.ImportCandidates;
import org.springframework.context.annotation.Import;

/**
 * Starts and ends an application with a handler, or the same without the
 * auto-configurations of the main loop, for {@link ApplicationClassesTests}.
 */
@SpringBootConfiguration(proxyBeanMethods = false)
@EnableAutoConfiguration
@Import(ApplicationProgram.Beat.class)
public class ApplicationProgram {

	/** The argument with which there is no main loop. */
	static final String WITHOUT = "without";

	/**
	 * Starts and ends it.
	 * @param args {@value #WITHOUT}, or none
	 */
	public static void main(String[] args) {
		String excluded = (args.length > 0 && args[0].equals(WITHOUT)) ? ownAutoConfigurations() : "";
		new SpringApplicationBuilder(ApplicationProgram.class).web(WebApplicationType.NONE)
			.properties("spring.autoconfigure.exclude=" + excluded)
			.run()
			.close();
	}

	private static String ownAutoConfigurations() {
		return ImportCandidates.load(AutoConfiguration.class, ApplicationProgram.class.getClassLoader())
			.getCandidates()
			.stream()
			.filter((name) -> name.startsWith("dev.mainloop."))
			.collect(Collectors.joining(","));
	}

	@EventHandler
	static class Beat {

		@OnTimer(every = "1h")
		void beat() {
		}

	}

}

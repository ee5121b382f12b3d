package dev.mainloop.duplicates;

import java.io.File;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.List;

import dev.mainloop.MessageRefusedException;

import org.springframework.boot.DefaultApplicationArguments;
import org.springframework.boot.SpringBootConfiguration;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.ComponentScan;

/**
 * Finds the equal files of a directory, prints them, and ends. Not annotated as a
 * {@code @SpringBootApplication}, by which the build finds the one to run.
 */
@SpringBootConfiguration
@EnableAutoConfiguration
@ComponentScan
public class DuplicatesApplication {

	private static final int USAGE = 2;

	public static void main(String[] args) throws IOException {
		PrintWriter out = new PrintWriter(System.out, true);
		List<String> names = new DefaultApplicationArguments(args).getNonOptionArgs();
		if (names.size() != 1 || !new File(names.get(0)).isDirectory()) {
			out.printf("Name one directory, such as /usr/share. %s is none.%n", names);
			System.exit(USAGE);
		}
		try (ConfigurableApplicationContext context = new SpringApplicationBuilder(DuplicatesApplication.class)
			.properties("spring.config.name=duplicates")
			.run(args)) {
			List<String> unvisited = context.getBean(Walk.class).in(Path.of(names.get(0)));
			new Report(out).print(context.getBean(Summary.class).whole().join(), unvisited);
		}
		catch (MessageRefusedException ex) {
			out.println("It was ended early: " + ex.getMessage());
			System.exit(1);
		}
	}

}

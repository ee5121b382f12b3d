package dev.mainloop.testing;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

import javax.tools.ToolProvider;

import org.springframework.boot.SpringApplicationAotProcessor;
import org.springframework.context.aot.AbstractAotProcessor.Settings;
import org.springframework.test.context.aot.TestAotProcessor;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Processes an application ahead of time, as the goal {@code process-aot} of Spring
 * Boot's Maven plugin does.
 */
public final class AheadOfTime {

	private final Path sources;

	private final Path resources;

	private final Path classes;

	private AheadOfTime(Path directory) {
		this.sources = directory.resolve("sources");
		this.resources = directory.resolve("resources");
		this.classes = directory.resolve("classes");
	}

	/**
	 * Processes an application and compiles what comes of it.
	 * @param application its class
	 * @param directory where to put it
	 * @return the result
	 * @throws IOException if a file cannot be read or written
	 */
	public static AheadOfTime process(Class<?> application, Path directory) throws IOException {
		AheadOfTime result = new AheadOfTime(directory);
		new SpringApplicationAotProcessor(application, result.settings(), new String[0]).process();
		result.compile();
		return result;
	}

	/**
	 * Processes tests, as the goal {@code process-test-aot} does, and compiles what comes
	 * of it.
	 * @param tests their class
	 * @param directory where to put it
	 * @return the result
	 * @throws IOException if a file cannot be read or written
	 */
	public static AheadOfTime processTests(Class<?> tests, Path directory) throws IOException {
		AheadOfTime result = new AheadOfTime(directory);
		new TestAotProcessor(Set.of(), result.settings()) {

			@Override
			protected Stream<Class<?>> scanClasspathRoots() {
				return Stream.of(tests);
			}

		}.process();
		result.compile();
		return result;
	}

	private Settings settings() {
		return Settings.builder()
			.sourceOutput(this.sources)
			.resourceOutput(this.resources)
			.classOutput(this.classes)
			.groupId("dev.mainloop")
			.artifactId("test")
			.build();
	}

	private void compile() throws IOException {
		try (Stream<Path> files = Files.walk(this.sources)) {
			List<String> names = files.filter((file) -> file.toString().endsWith(".java")).map(Path::toString).toList();
			List<String> options = List.of("-proc:none", "-nowarn", "-d", this.classes.toString(), "-cp", classPath());
			int failed = ToolProvider.getSystemJavaCompiler()
				.run(null, null, null, Stream.concat(options.stream(), names.stream()).toArray(String[]::new));
			assertThat(failed).as("the compiler's exit code").isZero();
		}
	}

	/**
	 * Returns the class path that the application runs on.
	 * @return that of the tests, behind what was generated
	 */
	public String classPath() {
		return String.join(File.pathSeparator, this.classes.toString(), this.resources.toString(),
				System.getProperty("java.class.path"));
	}

	/**
	 * Returns what a native image is told of the application.
	 * @return the text of its metadata
	 * @throws IOException if it cannot be read
	 */
	public String metadata() throws IOException {
		return Files
			.readString(this.resources.resolve("META-INF/native-image/dev.mainloop/test/reachability-metadata.json"));
	}

}

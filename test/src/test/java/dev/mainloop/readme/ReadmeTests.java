package dev.mainloop.readme;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;

import com.jayway.jsonpath.JsonPath;
import dev.mainloop.testing.LinuxTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

import org.springframework.boot.SpringApplication;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.context.ConfigurableApplicationContext;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * Holds the README to what the project does.
 */
class ReadmeTests {

	private static final Path README = Path.of("..", "README.md");

	private static final Path METADATA = Path.of("..", "autoconfigure", "target", "classes", "META-INF",
			"spring-configuration-metadata.json");

	private static final Path SNIPPETS = Path.of("src", "test", "java", "dev", "mainloop", "readme");

	@Test
	void javaShouldCompile() throws IOException {
		StringBuilder sources = new StringBuilder();
		try (var files = Files.list(SNIPPETS)) {
			for (Path file : files.sorted().toList()) {
				sources.append(withoutWhitespace(Files.readString(file)));
			}
		}
		List<String> snippets = blocks("java");
		assertThat(snippets).isNotEmpty()
			.allSatisfy((snippet) -> assertThat(sources.toString()).contains(withoutWhitespace(snippet)));
	}

	@Test
	void dependenciesShouldBeTheStartersOfThisVersion() throws IOException {
		String pom = Files.readString(Path.of("..", "pom.xml"));
		String version = Pattern.compile("<version>(.*?)</version>")
			.matcher(pom)
			.results()
			.findFirst()
			.orElseThrow()
			.group(1);
		assertThat(blocks("xml"))
			.allSatisfy((snippet) -> assertThat(snippet).contains("<groupId>dev.mainloop</groupId>")
				.contains("<version>" + version + "</version>"))
			.satisfiesExactly(
					(snippet) -> assertThat(snippet).contains("<artifactId>mainloop-spring-boot-starter</artifactId>"),
					(snippet) -> assertThat(snippet)
						.contains("<artifactId>mainloop-spring-boot-starter-test</artifactId>")
						.contains("<scope>test</scope>"));
	}

	@Test
	void propertiesShouldBeThoseOfTheMetadata() throws IOException {
		List<Map<String, Object>> properties = JsonPath.parse(METADATA.toFile()).read("$.properties");
		List<String> rows = properties.stream()
			.map((property) -> "| `%s` | %s| %s |".formatted(property.get("name"),
					property.containsKey("defaultValue") ? "`" + property.get("defaultValue") + "` " : "",
					property.get("description")))
			.toList();
		List<String> table = Files.readAllLines(README)
			.stream()
			.filter((line) -> line.startsWith("| `mainloop."))
			.toList();
		assertThat(table).containsExactlyInAnyOrderElementsOf(rows);
	}

	@LinuxTest
	@Test
	@ExtendWith(OutputCaptureExtension.class)
	void demoShouldRun(CapturedOutput output) throws Exception {
		try (ConfigurableApplicationContext context = SpringApplication.run(DemoApplication.class)) {
			assertThat(context.isRunning()).isTrue();
			shell("kill -HUP " + ProcessHandle.current().pid() + "; echo hello > /tmp/demo.commands");
			await().atMost(Duration.ofSeconds(20))
				.untilAsserted(() -> assertThat(output).contains("1 tick")
					.contains("a signal: SIGHUP")
					.contains("a line: hello"));
		}
		finally {
			Files.deleteIfExists(Path.of("/tmp/demo.commands"));
		}
	}

	private static List<String> blocks(String language) throws IOException {
		return Pattern.compile("^```" + language + "\n(.*?)^```", Pattern.MULTILINE | Pattern.DOTALL)
			.matcher(Files.readString(README))
			.results()
			.map((MatchResult match) -> match.group(1))
			.toList();
	}

	private static String withoutWhitespace(String text) {
		return text.replaceAll("\\s+", "");
	}

	private static void shell(String command) throws Exception {
		assertThat(new ProcessBuilder("sh", "-c", command).inheritIO().start().waitFor()).isZero();
	}

}

package dev.mainloop.readme;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.lang.reflect.Modifier;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import javax.tools.ToolProvider;

import com.jayway.jsonpath.JsonPath;
import dev.mainloop.test.TestMainLoop;
import dev.mainloop.testing.LinuxTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

import org.springframework.boot.SpringApplication;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.context.ConfigurableApplicationContext;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * Holds the README and the pages that it leads to to what the project does.
 */
class DocumentationTests {

	private static final Path README = Path.of("..", "README.md");

	private static final Path PAGES = Path.of("..", "docs");

	private static final Pattern LINK = Pattern.compile("\\[[^\\]]*]\\((?!https?:)([^)#]*)#?([^)]*)\\)");

	private static final Pattern TYPE = Pattern.compile("^(?:public )?(?:class|record|interface) (\\w+)",
			Pattern.MULTILINE);

	private static final Path ANNOTATIONS = Path.of("..", "autoconfigure", "src", "main", "java", "dev", "mainloop",
			"annotation");

	private static final Path RESULTS = Path.of("..", "benchmarks", "RESULTS.md");

	private static final Path METADATA = Path.of("..", "autoconfigure", "target", "classes", "META-INF",
			"spring-configuration-metadata.json");

	private static final Path KOTLIN_SNIPPET = Path.of("src", "test", "kotlin", "dev", "mainloop", "kotlin",
			"Greeter.kt");

	private static final Path SNIPPETS = Path.of("src", "test", "java", "dev", "mainloop", "readme");

	@Test
	void javaShouldCompileWhenPasted(@TempDir Path folder) throws IOException {
		List<String> arguments = new ArrayList<>(
				List.of("-classpath", System.getProperty("java.class.path"), "-parameters", "-d", folder.toString()));
		for (String snippet : blocks("java")) {
			Matcher type = TYPE.matcher(snippet);
			assertThat(type.find()).as(snippet).isTrue();
			Path file = folder.resolve(type.group(1) + ".java");
			assertThat(file).doesNotExist();
			Files.writeString(file, snippet);
			arguments.add(file.toString());
		}
		ByteArrayOutputStream errors = new ByteArrayOutputStream();
		int result = ToolProvider.getSystemJavaCompiler().run(null, null, errors, arguments.toArray(String[]::new));
		assertThat(result).as(errors::toString).isZero();
	}

	@Test
	void javaShouldBeThatOfTests() throws IOException {
		StringBuilder sources = new StringBuilder();
		try (var files = Files.list(SNIPPETS)) {
			for (Path file : files.sorted().toList()) {
				sources.append(withoutWhitespace(Files.readString(file)));
			}
		}
		assertThat(blocks("java")).isNotEmpty().allSatisfy((snippet) -> {
			String types = snippet.lines()
				.filter((line) -> !line.startsWith("package ") && !line.startsWith("import "))
				.collect(Collectors.joining("\n"));
			assertThat(types.split("\n\n(?=record )"))
				.allSatisfy((type) -> assertThat(sources).contains(withoutWhitespace(type)));
		});
	}

	@Test
	void kotlinShouldCompile() throws IOException {
		assertThat(blocks("kotlin")).singleElement()
			.satisfies((snippet) -> assertThat(Files.readString(KOTLIN_SNIPPET)).endsWith("\n\n" + snippet));
	}

	@Test
	void linksShouldLeadSomewhere() throws IOException {
		for (Path page : pages()) {
			Matcher link = LINK.matcher(Files.readString(page));
			while (link.find()) {
				Path target = link.group(1).isEmpty() ? page : page.resolveSibling(link.group(1));
				assertThat(target).as("%s in %s", link.group(), page).exists();
				if (!link.group(2).isEmpty()) {
					assertThat(anchors(target)).as("%s in %s", link.group(), page).contains(link.group(2));
				}
			}
		}
	}

	private static List<String> anchors(Path page) throws IOException {
		return Files.readAllLines(page)
			.stream()
			.filter((line) -> line.startsWith("#"))
			.map((line) -> line.replaceFirst("#+ ", "")
				.toLowerCase(Locale.ROOT)
				.replaceAll("[^\\w -]", "")
				.replace(' ', '-'))
			.toList();
	}

	@Test
	void readmeShouldLeadToAllPages() throws IOException {
		assertThat(Files.readString(README))
			.contains(pages().stream().skip(1).map((page) -> "(docs/" + page.getFileName() + ")").toList());
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
		assertThat(blocks("xml")).filteredOn((snippet) -> snippet.startsWith("<dependency>"))
			.allSatisfy((snippet) -> assertThat(snippet).contains("<groupId>dev.mainloop</groupId>")
				.contains("<version>" + version + "</version>"))
			.satisfiesExactly(
					(snippet) -> assertThat(snippet).contains("<artifactId>mainloop-spring-boot-starter</artifactId>"),
					(snippet) -> assertThat(snippet)
						.contains("<artifactId>mainloop-spring-boot-starter-test</artifactId>")
						.contains("<scope>test</scope>"));
	}

	@Test
	void annotationsShouldBeThoseOfThePackage() throws IOException {
		try (var files = Files.list(ANNOTATIONS)) {
			List<String> annotations = files.map((file) -> file.getFileName().toString().replace(".java", ""))
				.filter((name) -> name.startsWith("On"))
				.toList();
			assertThat(annotations).isNotEmpty()
				.allSatisfy((name) -> assertThat(text()).containsPattern("(?m)^\\| `@" + name + "\\b"));
		}
	}

	@Test
	void callsOfTestsShouldBeThoseOfTheClass() throws IOException {
		String page = Files.readString(PAGES.resolve("testing.md"));
		assertThat(TestMainLoop.class.getDeclaredMethods())
			.filteredOn((method) -> Modifier.isPublic(method.getModifiers()))
			.isNotEmpty()
			.allSatisfy((method) -> assertThat(page).contains("`" + method.getName() + "("));
	}

	@Test
	void propertiesShouldBeThoseOfTheMetadata() throws IOException {
		List<Map<String, Object>> properties = JsonPath.parse(METADATA.toFile()).read("$.properties");
		List<String> rows = properties.stream()
			.map((property) -> "| `%s` | %s| %s |".formatted(property.get("name"),
					property.containsKey("defaultValue") ? "`" + property.get("defaultValue") + "` " : "",
					property.get("description")))
			.toList();
		List<String> table = Files.readAllLines(PAGES.resolve("properties.md"))
			.stream()
			.filter((line) -> line.startsWith("| `"))
			.toList();
		assertThat(table).containsExactlyInAnyOrderElementsOf(rows);
	}

	/** The rows of the README are the beginnings of those of the results. */
	@Test
	void figuresShouldBeThoseOfTheResults() throws IOException {
		String results = Files.readString(RESULTS);
		List<String> rows = Files.readAllLines(README)
			.stream()
			.filter((line) -> line.startsWith("| [") && line.contains("(benchmarks/RESULTS.md#"))
			.toList();
		assertThat(rows).hasSizeGreaterThanOrEqualTo(5)
			.allSatisfy((row) -> assertThat(results).contains("\n" + row.replace("benchmarks/RESULTS.md", "")));
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
			.matcher(text())
			.results()
			.map((MatchResult match) -> match.group(1))
			.toList();
	}

	private static String text() throws IOException {
		StringBuilder text = new StringBuilder();
		for (Path page : pages()) {
			text.append(Files.readString(page));
		}
		return text.toString();
	}

	/** Lists the README, and then the pages by their names. */
	private static List<Path> pages() throws IOException {
		try (var files = Files.list(PAGES)) {
			return Stream.concat(Stream.of(README), files.filter(Files::isRegularFile).sorted()).toList();
		}
	}

	private static String withoutWhitespace(String text) {
		return text.replaceAll("\\s+", "");
	}

	private static void shell(String command) throws Exception {
		assertThat(new ProcessBuilder("sh", "-c", command).inheritIO().start().waitFor()).isZero();
	}

}

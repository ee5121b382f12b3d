package dev.mainloop.pulse;

import java.io.InputStreamReader;
import java.io.Reader;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

import com.jayway.jsonpath.JsonPath;
import dev.mainloop.testing.LinuxTest;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;

import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.boot.web.server.context.WebServerApplicationContext;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.core.io.ClassPathResource;
import org.springframework.core.io.Resource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Holds the dashboard and the alert rules to the metrics that pulse shows Prometheus.
 */
@LinuxTest
class PrometheusTests {

	private static final Resource DASHBOARD = new ClassPathResource("grafana/mainloop.json");

	private static final Resource ALERTS = new ClassPathResource("prometheus/mainloop-alerts.yaml");

	private static final Pattern SHOWN = Pattern.compile("^(mainloop_\\w+)[{ ]", Pattern.MULTILINE);

	private static final Pattern NAME = Pattern.compile("\\bmainloop_\\w+");

	@TempDir
	private static Path directory;

	private static ConfigurableApplicationContext context;

	private static Set<String> shown = Set.of();

	@BeforeAll
	static void scrape() throws Exception {
		context = new SpringApplicationBuilder(PulseApplication.class).run("--server.port=0",
				"--pulse.thresholds=" + directory.resolve("thresholds.properties"),
				"--pulse.commands=" + directory.resolve("commands"),
				"--pulse.snapshot=" + directory.resolve("snapshot.json"));
		int port = ((WebServerApplicationContext) context).getWebServer().getPort();
		HttpRequest request = HttpRequest
			.newBuilder(URI.create("http://localhost:%d/actuator/prometheus".formatted(port)))
			.build();
		HttpResponse<String> response = HttpClient.newHttpClient().send(request, HttpResponse.BodyHandlers.ofString());
		assertThat(response.statusCode()).isEqualTo(200);
		shown = names(SHOWN, response.body());
	}

	@AfterAll
	static void stop() {
		context.close();
	}

	@Test
	void panelsShouldShowMetricsThatThereAre() throws Exception {
		String dashboard = DASHBOARD.getContentAsString(StandardCharsets.UTF_8);
		List<Map<String, Object>> targets = JsonPath.read(dashboard, "$.panels[*].targets[*]");
		assertThat(targets).hasSizeGreaterThan(10)
			.extracting((target) -> target.get("expr"))
			.allSatisfy((expression) -> assertKnown((String) expression));
		assertKnown(JsonPath.read(dashboard, "$.templating.list[1].query.query"));
		List<Map<String, Object>> used = JsonPath.read(dashboard, "$..datasource");
		assertThat(used).hasSizeGreaterThan(10)
			.allSatisfy((source) -> assertThat(source).containsEntry("uid", "${datasource}"));
		assertThat(JsonPath.<List<Integer>>read(dashboard, "$.panels[*].id")).doesNotHaveDuplicates();
	}

	@Test
	void alertsShouldWatchMetricsThatThereAre() throws Exception {
		assertThat(rules()).hasSizeGreaterThan(5).allSatisfy((rule) -> {
			assertKnown((String) rule.get("expr"));
			assertThat(rule).containsKeys("alert", "labels", "annotations");
		});
		assertThat(rules()).extracting((rule) -> rule.get("alert")).doesNotHaveDuplicates();
	}

	@SuppressWarnings("unchecked")
	private static List<Map<String, Object>> rules() throws Exception {
		try (Reader reader = new InputStreamReader(ALERTS.getInputStream(), StandardCharsets.UTF_8)) {
			Map<String, List<Map<String, Object>>> file = new Yaml(new SafeConstructor(new LoaderOptions()))
				.load(reader);
			return (List<Map<String, Object>>) file.get("groups").get(0).get("rules");
		}
	}

	private static void assertKnown(String expression) {
		assertThat(names(NAME, expression)).as(expression).isNotEmpty().isSubsetOf(shown);
	}

	private static Set<String> names(Pattern pattern, String text) {
		return pattern.matcher(text)
			.results()
			.map((match) -> match.group(match.groupCount()))
			.collect(Collectors.toSet());
	}

}

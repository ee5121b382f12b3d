package dev.mainloop.pulse;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

import dev.mainloop.test.AutoConfigureTestMainLoop;
import dev.mainloop.test.TestMainLoop;
import org.awaitility.Awaitility;
import org.awaitility.core.ThrowingRunnable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIf;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.web.server.LocalServerPort;
import org.springframework.test.annotation.DirtiesContext;
import org.springframework.test.context.DynamicPropertyRegistry;
import org.springframework.test.context.DynamicPropertySource;
import org.springframework.test.context.bean.override.convention.TestBean;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests the page in a browser, with a main loop in memory, whose time is the test's.
 */
@SpringBootTest(webEnvironment = SpringBootTest.WebEnvironment.RANDOM_PORT)
@AutoConfigureTestMainLoop
@DirtiesContext
@Tag("browser")
@EnabledIf("dev.mainloop.pulse.Chromium#isInstalled")
class PageTests {

	private static final String COLOR = """
			(() => {
				const probe = document.body.appendChild(document.createElement('p'));
				probe.style.color = 'var(%s)';
				const color = getComputedStyle(probe).color;
				probe.remove();
				return color;
			})()""";

	@TempDir
	static Path directory;

	private static Chromium browser;

	@TestBean
	private Proc proc;

	@Autowired
	private TestMainLoop loop;

	@Autowired
	private PageFeed feed;

	@LocalServerPort
	private int port;

	static Proc proc() {
		return new Proc(directory);
	}

	@DynamicPropertySource
	static void properties(DynamicPropertyRegistry registry) {
		PulseFiles.register(registry, () -> directory.resolve("private"));
	}

	@BeforeAll
	static void startBrowser(@TempDir Path profile) throws IOException {
		browser = new Chromium(profile);
	}

	@AfterAll
	static void closeBrowser() {
		browser.close();
	}

	@BeforeEach
	void open() throws IOException {
		write("stat", "cpu  100 10 50 800 40 0 5 5 30 0\n");
		write("loadavg", "0.54 0.70 0.63 3/123 17023\n");
		for (String resource : List.of("cpu", "memory", "io")) {
			write("pressure/" + resource, "some avg10=1.50 avg60=0.00 avg300=0.00 total=0\n");
		}
		memory(25);
		this.loop.advance(Duration.ofMinutes(6));
		this.loop.send(new Thresholds(100, 100, 1000));
		browser.prefer("light");
		browser.resize(1200, 1000, false);
		browser.open("http://127.0.0.1:" + this.port + "/");
		await(() -> assertThat(browser.text("#connection")).isEqualTo("Live"));
		await(() -> assertThat(label("memory")).contains("now 25 %"));
	}

	@Test
	void chartsShouldShowThePastAndWhatComes() throws IOException {
		assertThat(label("memory")).isEqualTo("Memory: now 25 %, in the last five minutes from 25 % to 25 %");
		memory(75);
		this.loop.advance(Duration.ofSeconds(1));
		await(() -> assertThat(label("memory"))
			.isEqualTo("Memory: now 75 %, in the last five minutes from 25 % to 75 %"));
		assertThat(label("load")).startsWith("Load: now 0.54, ");
		assertThat(label("pressure")).contains("Pressure cpu: now 1.5 %", "Pressure memory: now", "Pressure io: now");
		assertThat(browser.text("#memory strong")).isEqualTo("75 %");
		assertThat(
				browser.evaluate("document.querySelector('#memory path').getAttribute('d').match(/L/g).length").asInt())
			.isBetween(298, 301);
	}

	@Test
	void pageShouldNeedNothingFromOutside() {
		List<String> loaded = list("performance.getEntriesByType('resource').map((entry) => entry.name)");
		assertThat(loaded).isNotEmpty().allMatch((url) -> url.startsWith("http://127.0.0.1:" + this.port + "/"));
		assertThat(browser.errors()).isEmpty();
		assertThat(browser.evaluate("""
				fetch('/').then((answer) => answer.headers.get('Content-Security-Policy'))""").asString())
			.contains("default-src 'none'", "script-src 'self'", "style-src 'self'")
			.doesNotContain("unsafe");
	}

	@Test
	void alertShouldBeListedWithItsThresholdThatAFormHasSet() {
		browser.evaluate("document.querySelector('[name=metric]').value = 'memory'");
		browser.evaluate("document.querySelector('[name=value]').value = '20.5'");
		browser.evaluate("document.querySelector('#threshold button').click()");
		await(() -> assertThat(browser.text("#answer")).isEqualTo("Taken: threshold memory 20.5"));
		await(() -> assertThat(browser.text("#memory figcaption")).contains("threshold 20.5 %"));
		this.loop.advance(Duration.ofSeconds(1));
		await(() -> assertThat(browser.text("#alerts li")).endsWith(" memory is 25, above 20.5"));
	}

	@Test
	void refusedCommandShouldBeAnsweredWithTheReason() {
		browser.evaluate("document.querySelector('[name=value]').value = '101'");
		browser.evaluate("document.querySelector('#threshold button').click()");
		await(() -> assertThat(browser.text("#answer"))
			.isEqualTo("Bad command 'threshold cpu 101': '101' is no number from 0 to 100"));
	}

	@Test
	void loopShouldShowItsHandlersQueuesAndSignals() {
		this.loop.raise("SIGHUP");
		this.loop.advance(Duration.ofSeconds(2));
		await(() -> assertThat(label("busy")).startsWith("Busy: now "));
		assertThat(label("lag")).startsWith("Lag: now ");
		assertThat(list("[...document.querySelectorAll('#handlers th')].map((head) => head.textContent)"))
			.contains("Sample");
		assertThat(list("[...document.querySelectorAll('#queues th')].map((head) => head.textContent)"))
			.contains("Alert", "Command", "Sample");
		await(() -> {
			// A page that was open before is found closed when it is sent something.
			this.loop.advance(Duration.ofSeconds(1));
			assertThat(browser.text("#pages")).startsWith("Pages open: 1. ");
		});
		await(() -> assertThat(browser.text("#signals li")).endsWith(" SIGHUP"));
	}

	@Test
	void textFromOutsideShouldStayText() {
		String text = "<img src=pulse.svg onerror=alert(1)>";
		this.feed.publishAndKeep("signal", Map.of("time", "2026-01-01T00:00:00Z", "signal", text));
		await(() -> assertThat(browser.text("#signals li")).endsWith(text));
		assertThat(browser.evaluate("document.querySelectorAll('#signals img').length").asInt()).isZero();
	}

	@Test
	void everythingShouldBeReachedByTheKeyboardWithItsFocusToBeSeen() {
		List<String> reached = new ArrayList<>();
		for (int i = 0; i < 7; i++) {
			browser.press("Tab", 9);
			assertThat(browser.evaluate("getComputedStyle(document.activeElement).outlineStyle").asString())
				.isEqualTo("solid");
			reached.add(browser.evaluate("""
					document.activeElement.name || document.activeElement.getAttribute('aria-labelledby')
						|| document.activeElement.textContent""").asString());
		}
		assertThat(reached).containsExactly("handlers-title", "queues-title", "metric", "value", "Set",
				"Write a snapshot", "Block a handler for a second");
		browser.evaluate("document.querySelector('[name=value]').select()");
		browser.type("77");
		browser.press("Enter", 13);
		await(() -> assertThat(browser.text("#answer")).isEqualTo("Taken: threshold cpu 77"));
	}

	@Test
	void screenReaderShouldFindNamesAndBeToldOfAlerts() {
		JsonNode nodes = browser.call("Accessibility.getFullAXTree", Map.of()).get("nodes");
		List<String> names = new ArrayList<>();
		for (JsonNode node : nodes) {
			if (!node.get("ignored").asBoolean()) {
				names
					.add(node.get("role").get("value").asString() + " " + node.path("name").path("value").asString(""));
			}
		}
		assertThat(names).contains("button Set", "button Write a snapshot", "button Block a handler for a second",
				"combobox Threshold of", "spinbutton Value", "log Alerts", "log Signals", "heading Host",
				"table Slowest handlers", "table Queues");
		assertThat(names).anyMatch((name) -> name.startsWith("image Memory: now ")).noneMatch("image "::equals);
		assertThat(browser.evaluate("document.documentElement.lang").asString()).isEqualTo("en");
	}

	@ParameterizedTest
	@ValueSource(strings = { "light", "dark" })
	void colorsShouldFollowTheUserAndBeReadable(String colors) {
		browser.prefer(colors);
		assertThat(luminance("--page") > luminance("--text")).isEqualTo(colors.equals("light"));
		assertThat(browser.evaluate("getComputedStyle(document.body).backgroundColor").asString())
			.isEqualTo(browser.evaluate(COLOR.formatted("--page")).asString());
		for (String name : List.of("--text", "--quiet", "--first", "--second", "--third", "--threshold")) {
			assertThat(contrast(luminance(name), luminance("--card"))).as(name).isGreaterThan(4.5);
			assertThat(contrast(luminance(name), luminance("--page"))).as(name).isGreaterThan(4.5);
		}
	}

	@ParameterizedTest
	@ValueSource(ints = { 320, 390, 768 })
	void pageShouldFitANarrowScreen(int width) {
		this.loop.advance(Duration.ofSeconds(2));
		await(() -> assertThat(label("busy")).startsWith("Busy: now "));
		browser.resize(width, 800, true);
		assertThat(browser.evaluate("document.documentElement.scrollWidth").asInt()).isEqualTo(width);
	}

	@Test
	void pageShouldConnectAgainAndTellOfNothingTwice() {
		this.loop.raise("SIGUSR1");
		await(() -> assertThat(browser.text("#signals li")).endsWith(" SIGUSR1"));
		int before = browser.evaluate("document.querySelectorAll('#signals li').length").asInt();
		this.feed.stop();
		await(() -> assertThat(browser.text("#connection")).isEqualTo("Not connected, trying again …"));
		this.feed.start();
		await(() -> assertThat(browser.text("#connection")).isEqualTo("Live"));
		this.loop.raise("SIGHUP");
		await(() -> assertThat(browser.text("#signals li")).endsWith(" SIGHUP"));
		assertThat(browser.evaluate("document.querySelectorAll('#signals li').length").asInt()).isEqualTo(before + 1);
	}

	/** The relative luminance of a colour, as WCAG 2 defines it. */
	private static double luminance(String name) {
		double[] parts = Stream
			.of(browser.evaluate(COLOR.formatted(name)).asString().replaceAll("[^\\d,]", "").split(","))
			.mapToDouble((part) -> Integer.parseInt(part) / 255.0)
			.map((part) -> (part <= 0.04045) ? part / 12.92 : Math.pow((part + 0.055) / 1.055, 2.4))
			.toArray();
		return 0.2126 * parts[0] + 0.7152 * parts[1] + 0.0722 * parts[2];
	}

	private static double contrast(double one, double other) {
		return (Math.max(one, other) + 0.05) / (Math.min(one, other) + 0.05);
	}

	private static String label(String chart) {
		return browser.evaluate("document.querySelector('#%s svg').getAttribute('aria-label')".formatted(chart))
			.asString("");
	}

	private static List<String> list(String expression) {
		List<String> texts = new ArrayList<>();
		browser.evaluate(expression).forEach((item) -> texts.add(item.asString()));
		return texts;
	}

	/** Waits, while the loop answers what the page asks. */
	private void await(ThrowingRunnable assertion) {
		Awaitility.await().atMost(Duration.ofMinutes(1)).pollInSameThread().untilAsserted(() -> {
			this.loop.runUntilIdle();
			assertion.run();
		});
	}

	private static void memory(int percent) throws IOException {
		write("meminfo", "MemTotal: 1000 kB\nMemAvailable: %d kB\n".formatted(1000 - 10 * percent));
	}

	private static void write(String name, String text) throws IOException {
		Path file = directory.resolve(name);
		Files.createDirectories(file.getParent());
		Files.writeString(file, text);
	}

}

package dev.mainloop.pulse;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Collections;
import java.util.List;
import java.util.regex.Pattern;

import dev.mainloop.log.BurstLog;
import dev.mainloop.testing.LinuxTest;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.boot.test.web.server.LocalServerPort;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.test.annotation.DirtiesContext;
import org.springframework.test.context.DynamicPropertyRegistry;
import org.springframework.test.context.DynamicPropertySource;
import org.springframework.test.web.servlet.client.RestTestClient;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * Tests pulse as its users see it: by HTTP, by its FIFO, by its files and by signals from
 * another process.
 */
@LinuxTest
@SpringBootTest(webEnvironment = SpringBootTest.WebEnvironment.RANDOM_PORT)
@ExtendWith(OutputCaptureExtension.class)
@DirtiesContext
class PulseApplicationTests {

	private static final long PID = ProcessHandle.current().pid();

	@TempDir
	static Path directory;

	@LocalServerPort
	private int port;

	@Autowired
	private BurstLog log;

	private RestTestClient client;

	@DynamicPropertySource
	static void properties(DynamicPropertyRegistry registry) {
		registry.add("pulse.sample-every", () -> "50ms");
		registry.add("pulse.thresholds", () -> thresholdsFile().toString());
		registry.add("pulse.commands", () -> fifo());
		registry.add("pulse.snapshot", () -> directory.resolve("snapshot.json"));
	}

	private static Path thresholdsFile() {
		return directory.resolve("thresholds.properties");
	}

	private static Path fifo() {
		return directory.resolve("run/commands");
	}

	@BeforeEach
	void setUp() {
		this.log.sumUpAll();
		this.client = RestTestClient.bindToServer().baseUrl("http://localhost:" + this.port).build();
		post("threshold cpu 100", "threshold memory 100", "threshold load 1000");
		assertThresholds("""
				{ "cpu": 100.0, "memory": 100.0, "load": 1000.0 }""");
	}

	@Test
	void samplesShouldComeAndGoOn() {
		awaitSamples(2);
		JsonNode samples = samples();
		JsonNode last = samples.get(samples.size() - 1);
		assertThat(last.get("time").asString()).matches("\\d{4}-\\d\\d-\\d\\dT.*Z");
		assertThat(last.get("cpu").asDouble()).isBetween(0.0, 100.0);
		assertThat(last.get("memory").asDouble()).isBetween(0.01, 100.0);
		assertThat(last.get("load").asDouble()).isNotNegative();
		assertThat(last.has("pressure")).isEqualTo(new Proc().pressure() != null);
	}

	@Test
	void healthShouldShowTheMainLoop() {
		this.client.get()
			.uri("/actuator/health")
			.exchange()
			.expectStatus()
			.isOk()
			.expectBody()
			.jsonPath("$.components.mainloop.status")
			.isEqualTo("UP")
			.jsonPath("$.components.mainloop.details.multiplexer")
			.isEqualTo(multiplexer());
	}

	String multiplexer() {
		return "epoll";
	}

	@Test
	void alertShouldComeOnceACrossing(CapturedOutput output) {
		awaitSamples(2);
		post("threshold memory 0");
		await().untilAsserted(() -> assertThat(output).contains("Alert: memory is "));
		awaitSamples(5);
		assertThat(output.getOut().split("Alert: memory is ", -1)).hasSize(2);
	}

	@Test
	void badCommandShouldBeAnsweredWithTheReason() {
		this.client.post()
			.uri("/api/commands")
			.contentType(MediaType.APPLICATION_JSON)
			.body(List.of("threshold cpu 5", "threshold disk 5"))
			.exchange()
			.expectStatus()
			.isBadRequest()
			.expectBody()
			.jsonPath("$.detail")
			.isEqualTo("Bad command 'threshold disk 5': 'disk' is none of cpu, memory, load");
	}

	@ParameterizedTest
	@ValueSource(strings = { "text/plain", "application/x-www-form-urlencoded", "multipart/form-data; boundary=x" })
	void whatAPageOfAnotherSiteCanSendShouldBeRefused(String contentType) {
		this.client.post()
			.uri("/api/commands")
			.header("Content-Type", contentType)
			.body("[\"threshold load 7.25\"]".getBytes(StandardCharsets.UTF_8))
			.exchange()
			.expectStatus()
			.isEqualTo(HttpStatus.UNSUPPORTED_MEDIA_TYPE);
	}

	@ParameterizedTest
	@ValueSource(strings = { "[\"threshold load 7.25\", \"reboot\"]", "[\"threshold load 7.25\", null]", "[null]",
			"snapshot", "\"snapshot\"", "{}", "[" })
	void badCommandShouldBeRefusedBeforeAnyIsTaken(String body) {
		this.client.post()
			.uri("/api/commands")
			.contentType(MediaType.APPLICATION_JSON)
			.body(body.getBytes(StandardCharsets.UTF_8))
			.exchange()
			.expectStatus()
			.isBadRequest();
		assertThresholds("{\"load\":1000.0}");
	}

	@Test
	void anotherSiteShouldNotBeAllowedToSendJson() {
		this.client.options()
			.uri("/api/commands")
			.header("Origin", "http://example.org")
			.header("Access-Control-Request-Method", "POST")
			.header("Access-Control-Request-Headers", "content-type")
			.exchange()
			.expectHeader()
			.doesNotExist("Access-Control-Allow-Origin");
	}

	@Test
	void largeBodyShouldBeRefused() {
		this.client.post()
			.uri("/api/commands")
			.contentType(MediaType.APPLICATION_JSON)
			.body(Collections.nCopies(7000, "snapshot"))
			.exchange()
			.expectStatus()
			.isEqualTo(HttpStatus.CONTENT_TOO_LARGE);
	}

	@Test
	void fifoShouldTakeCommandsOfOtherProcesses() throws Exception {
		Shell.run("echo 'threshold cpu 42.5' > \"$1\"", fifo());
		Shell.run("printf thres > \"$1\"", fifo());
		Shell.run("printf 'hold load 77\\nthreshold mem' > \"$1\"", fifo());
		Shell.run("echo 'ory 55' > \"$1\"", fifo());
		await().untilAsserted(() -> assertThresholds("""
				{ "cpu": 42.5, "memory": 55.0, "load": 77.0 }"""));
	}

	@Test
	void badLineInTheFifoShouldBeQuotedAndTheNextOneTaken(CapturedOutput output) throws Exception {
		Shell.run("printf 'reboot \\033[31mnow\\n\\nthreshold cpu 7\\n' > \"$1\"", fifo());
		await().untilAsserted(() -> assertThresholds("""
				{ "cpu": 7.0, "memory": 100.0, "load": 1000.0 }"""));
		assertThat(output).contains("Bad command 'reboot \\u001b[31mnow': ");
	}

	@Test
	void longLineInTheFifoShouldBeDropped(CapturedOutput output) throws Exception {
		Shell.run("{ head -c 100000 /dev/zero | tr '\\0' x; echo; echo threshold cpu 8; } > \"$1\"", fifo());
		await().untilAsserted(() -> assertThresholds("""
				{ "cpu": 8.0, "memory": 100.0, "load": 1000.0 }"""));
		assertThat(output).contains("Bad command 'xxx");
	}

	@Test
	void thresholdsShouldBeReloadedWhenTheirFileChangesAndByHangUp() throws Exception {
		Files.writeString(thresholdsFile(), "cpu=51\nmemory=52.5\nload=53\n");
		await().untilAsserted(() -> assertThresholds("""
				{ "cpu": 51.0, "memory": 52.5, "load": 53.0 }"""));
		Path other = Files.writeString(directory.resolve("other.properties"), "cpu=54\nmemory=52.5\nload=53\n");
		Files.move(other, thresholdsFile(), StandardCopyOption.ATOMIC_MOVE);
		await().untilAsserted(() -> assertThresholds("""
				{ "cpu": 54.0, "memory": 52.5, "load": 53.0 }"""));
		post("threshold cpu 7");
		await().untilAsserted(() -> assertThresholds("""
				{ "cpu": 7.0, "memory": 52.5, "load": 53.0 }"""));
		Shell.run("kill -HUP $1", PID);
		await().untilAsserted(() -> assertThresholds("""
				{ "cpu": 54.0, "memory": 52.5, "load": 53.0 }"""));
	}

	@Test
	void thresholdsShouldStayWhenTheirFileIsWrong(CapturedOutput output) throws Exception {
		Files.writeString(thresholdsFile(), "cpu=51\nrubbish here\n");
		await().untilAsserted(() -> assertThat(output).containsPattern(
				"WARN.*The thresholds stay, as " + Pattern.quote(thresholdsFile().toString()) + ".*'rubbish here'"));
		assertThresholds("""
				{ "cpu": 100.0, "memory": 100.0, "load": 1000.0 }""");
	}

	@Test
	void userSignalShouldWriteASnapshot() throws Throwable {
		assertSnapshotAfter(() -> Shell.run("kill -USR1 $1", PID));
	}

	@Test
	void snapshotCommandShouldWriteASnapshot() throws Throwable {
		assertSnapshotAfter(() -> Shell.run("echo snapshot > \"$1\"", fifo()));
		assertSnapshotAfter(() -> post("snapshot"));
	}

	private void assertSnapshotAfter(Executable action) throws Throwable {
		Path snapshot = directory.resolve("snapshot.json");
		Files.deleteIfExists(snapshot);
		awaitSamples(2);
		int count = samples().size();
		action.execute();
		await().until(() -> Files.exists(snapshot));
		JsonNode json = JsonMapper.shared().readTree(Files.readString(snapshot));
		assertThat(json.size()).isGreaterThanOrEqualTo(count);
		assertThat(json.get(0)).isEqualTo(samples().get(0));
	}

	private void post(String... commands) {
		this.client.post()
			.uri("/api/commands")
			.contentType(MediaType.APPLICATION_JSON)
			.body(commands)
			.exchange()
			.expectStatus()
			.isAccepted();
	}

	private void assertThresholds(String json) {
		this.client.get().uri("/api/thresholds").exchange().expectStatus().isOk().expectBody().json(json);
	}

	private void awaitSamples(int more) {
		int before = samples().size();
		await().until(() -> samples().size() >= before + more);
	}

	private JsonNode samples() {
		byte[] body = this.client.get()
			.uri("/api/samples")
			.exchange()
			.expectStatus()
			.isOk()
			.expectBody()
			.returnResult()
			.getResponseBody();
		return JsonMapper.shared().readTree(body);
	}

}

package dev.mainloop.pulse;

import java.io.IOException;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

import com.jayway.jsonpath.JsonPath;
import dev.mainloop.endpoint.BlockedHandlerDescriptor;
import dev.mainloop.endpoint.DurationsDescriptor;
import dev.mainloop.endpoint.MainLoopDescriptor;
import dev.mainloop.endpoint.QueueDescriptor;
import dev.mainloop.endpoint.SourceDescriptor;
import dev.mainloop.endpoint.SourcesDescriptor;
import dev.mainloop.endpoint.TimerDescriptor;
import dev.mainloop.testing.AheadOfTime;
import dev.mainloop.testing.LinuxTest;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * Tests pulse in a process of its own.
 */
@LinuxTest
class PulseProcessTests {

	private static final Duration START_TIME = Duration.ofMinutes(1);

	private static final int BAD_LINES = 250_000;

	@TempDir
	Path directory;

	@Test
	void terminationShouldEndItInGoodOrder() throws Exception {
		String output = output("-cp", System.getProperty("java.class.path"));
		assertThat(output).contains("Starting PulseApplication");
	}

	@Test
	void applicationThatIsProcessedAheadOfTimeShouldRunTheSame() throws Exception {
		AheadOfTime processed = processed();
		String output = output("-cp", processed.classPath(), "-Dspring.aot.enabled=true");
		assertThat(output).contains("Starting AOT-processed PulseApplication");
	}

	@Test
	void endpointShouldAnswerInAnApplicationThatIsProcessedAheadOfTime() throws Exception {
		AheadOfTime processed = processed();
		assertThat(processed.metadata()).contains(Stream
			.of(MainLoopDescriptor.class, SourcesDescriptor.class, SourceDescriptor.class, QueueDescriptor.class,
					TimerDescriptor.class, DurationsDescriptor.class, BlockedHandlerDescriptor.class)
			.map((type) -> '"' + type.getName() + '"')
			.toList());
		Path output = this.directory.resolve("output");
		Process process = start(output, List.of("-cp", processed.classPath(), "-Dspring.aot.enabled=true"));
		try {
			awaitReady(process, output);
			PulseClient client = new PulseClient(port(output));
			assertThat(JsonPath.parse(client.body("/actuator/mainloop")).<String>read("$.state")).isEqualTo("running");
			Map<String, Object> source = JsonPath.parse(client.body("/actuator/mainloop/sampler.sample"))
				.read("$.sources[0]");
			assertThat(source).containsEntry("name", "sampler.sample")
				.containsEntry("kind", "timer")
				.containsEntry("handlers", List.of("sampler.sample"))
				.containsEntry("enabled", true)
				.extractingByKey("timer", InstanceOfAssertFactories.MAP)
				.containsEntry("period", "PT1S");
			assertTerminates(process);
		}
		finally {
			process.destroyForcibly();
		}
	}

	private AheadOfTime processed() throws IOException {
		return AheadOfTime.process(PulseApplication.class, this.directory.resolve("aot"));
	}

	@ParameterizedTest
	@ValueSource(strings = { "pulse.commands", "pulse.thresholds" })
	void directoryOfSomebodyElseShouldBeRefused(String property) throws Exception {
		Path others = PrivateDirectoryTests.ofSomebodyElse(this.directory);
		Path output = this.directory.resolve("output");
		Process process = start(output, List.of("-cp", System.getProperty("java.class.path")),
				"--" + property + "=" + others.resolve("some"));
		try {
			assertThat(process.waitFor(START_TIME.toSeconds(), TimeUnit.SECONDS)).isTrue();
			assertThat(process.exitValue()).isEqualTo(1);
			assertThat(output).content().contains("APPLICATION FAILED TO START", property, " belongs to ");
			assertThat(others.resolve("some")).doesNotExist();
		}
		finally {
			process.destroyForcibly();
		}
	}

	@Test
	void largeAndSlowBodiesShouldHoldNobodyUp() throws Exception {
		Path output = this.directory.resolve("output");
		Process process = start(output, List.of("-Xmx128m", "-cp", System.getProperty("java.class.path")));
		List<Socket> slow = new ArrayList<>();
		try {
			awaitReady(process, output);
			PulseClient client = new PulseClient(port(output));
			for (int i = 0; i < 25; i++) {
				assertThat(client.snapshots(8, 70_000)).containsOnly(413);
			}
			assertThat(client.announce(300_000_000)).isEqualTo("HTTP/1.1 413 ");
			assertThat(client.snapshots(200, 100)).containsOnly(202);
			for (int i = 0; i < 250; i++) {
				slow.add(client.begin(100));
			}
			assertThat(client.snapshots(1, 100)).containsOnly(202);
			assertThat(client.samples()).isEqualTo(200);
			PulseClient.end(slow.get(0), 100);
			assertThat(PulseClient.answer(slow.get(0))).isEqualTo("HTTP/1.1 202 ");
			assertThat(PulseClient.answer(slow.get(249))).isEqualTo("HTTP/1.1 408 ");
			assertTerminates(process);
			assertThat(output).content().contains("Wrote ").doesNotContain("OutOfMemoryError");
		}
		finally {
			for (Socket socket : slow) {
				socket.close();
			}
			process.destroyForcibly();
		}
	}

	@Test
	void badInputShouldNotFillTheLog() throws Exception {
		Path output = this.directory.resolve("output");
		Process process = start(output, List.of("-cp", System.getProperty("java.class.path")));
		try {
			awaitReady(process, output);
			long before = Files.size(output);
			Files.writeString(this.directory.resolve("pulse/commands"), "x\n".repeat(BAD_LINES) + "snapshot\n");
			PulseClient client = new PulseClient(port(output));
			for (int i = 0; i < 20; i++) {
				assertThat(client.answer("PUT /api/commands HTTP/1.1", "")).contains("405");
				assertThat(client.answer("POST /api/commands HTTP/1.1", "no length\r\n")).contains("400");
				assertThat(client.answer("no request", "")).contains("400");
			}
			await().atMost(START_TIME).until(() -> Files.readString(output).contains("Wrote "));
			assertTerminates(process);
			String log = Files.readString(output);
			assertThat(Pattern.compile("Bad command|(\\d+) more lines")
				.matcher(log)
				.results()
				.mapToInt((told) -> (told.group(1) != null) ? Integer.parseInt(told.group(1)) : 1)
				.sum()).isEqualTo(BAD_LINES);
			assertThat(log).doesNotContain("Exception", "not supported");
			assertThat(Files.size(output) - before).isLessThan(BAD_LINES);
		}
		finally {
			process.destroyForcibly();
		}
	}

	private static int port(Path output) throws IOException {
		Matcher port = Pattern.compile("http://localhost:(\\d+)/").matcher(Files.readString(output));
		assertThat(port.find()).isTrue();
		return Integer.parseInt(port.group(1));
	}

	private static void awaitReady(Process process, Path output) {
		await().atMost(START_TIME).until(() -> !process.isAlive() || Files.readString(output).contains("Try echo"));
	}

	private static void assertTerminates(Process process) throws Exception {
		Shell.run("kill -TERM $1", process.pid());
		assertThat(process.waitFor(START_TIME.toSeconds(), TimeUnit.SECONDS)).isTrue();
		assertThat(process.exitValue()).isEqualTo(143);
	}

	/** Runs it until it is terminated. */
	private String output(String... options) throws Exception {
		Path output = this.directory.resolve("output");
		Process process = start(output, List.of(options));
		try {
			awaitReady(process, output);
			assertThat(output).content()
				.contains("Main loop runs on epoll", this.directory + "/pulse/commands", "kill -HUP " + process.pid());
			assertTerminates(process);
			assertThat(output).content().contains("Graceful shutdown complete").doesNotContain("ERROR", "Exception");
			return Files.readString(output);
		}
		finally {
			process.destroyForcibly();
		}
	}

	private Process start(Path output, List<String> options, String... arguments) throws IOException {
		List<String> command = new ArrayList<>();
		command.add(ProcessHandle.current().info().command().orElseThrow());
		if (Runtime.version().feature() >= 24) {
			command.add("--enable-native-access=ALL-UNNAMED");
		}
		command.addAll(options);
		command
			.addAll(List.of("-Djava.io.tmpdir=" + this.directory, PulseApplication.class.getName(), "--server.port=0"));
		command.addAll(List.of(arguments));
		return new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(output.toFile()).start();
	}

}

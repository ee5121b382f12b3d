package dev.mainloop.pulse;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

import dev.mainloop.testing.AheadOfTime;
import dev.mainloop.testing.LinuxTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * Tests pulse in a process of its own.
 */
@LinuxTest
class PulseProcessTests {

	private static final Duration START_TIME = Duration.ofMinutes(1);

	@TempDir
	Path directory;

	@Test
	void terminationShouldEndItInGoodOrder() throws Exception {
		String output = output("-cp", System.getProperty("java.class.path"));
		assertThat(output).contains("Starting PulseApplication");
	}

	@Test
	void applicationThatIsProcessedAheadOfTimeShouldRunTheSame() throws Exception {
		AheadOfTime processed = AheadOfTime.process(PulseApplication.class, this.directory.resolve("aot"));
		String output = output("-cp", processed.classPath(), "-Dspring.aot.enabled=true");
		assertThat(output).contains("Starting AOT-processed PulseApplication");
	}

	/** Runs it until it is terminated. */
	private String output(String... options) throws Exception {
		Path output = this.directory.resolve("output");
		Process process = start(output, options);
		try {
			await().atMost(START_TIME).until(() -> !process.isAlive() || Files.readString(output).contains("Try echo"));
			assertThat(output).content()
				.contains("Main loop runs on epoll", this.directory + "/pulse/commands", "kill -HUP " + process.pid());
			Shell.run("kill -TERM $1", process.pid());
			assertThat(process.waitFor(START_TIME.toSeconds(), TimeUnit.SECONDS)).isTrue();
			assertThat(process.exitValue()).isEqualTo(143);
			assertThat(output).content().contains("Graceful shutdown complete").doesNotContain("ERROR", "Exception");
			return Files.readString(output);
		}
		finally {
			process.destroyForcibly();
		}
	}

	private Process start(Path output, String... options) throws IOException {
		List<String> command = new ArrayList<>();
		command.add(ProcessHandle.current().info().command().orElseThrow());
		if (Runtime.version().feature() >= 24) {
			command.add("--enable-native-access=ALL-UNNAMED");
		}
		command.addAll(List.of(options));
		command
			.addAll(List.of("-Djava.io.tmpdir=" + this.directory, PulseApplication.class.getName(), "--server.port=0"));
		return new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(output.toFile()).start();
	}

}

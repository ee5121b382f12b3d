package dev.mainloop.pulse;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

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
		Path output = this.directory.resolve("output");
		Process process = start(output);
		try {
			await().atMost(START_TIME).until(() -> !process.isAlive() || Files.readString(output).contains("Try echo"));
			assertThat(output).content()
				.contains("Main loop runs on epoll", this.directory + "/pulse/commands", "kill -HUP " + process.pid());
			Shell.run("kill -TERM $1", process.pid());
			assertThat(process.waitFor(START_TIME.toSeconds(), TimeUnit.SECONDS)).isTrue();
			assertThat(process.exitValue()).isEqualTo(143);
			assertThat(output).content().contains("Graceful shutdown complete").doesNotContain("ERROR", "Exception");
		}
		finally {
			process.destroyForcibly();
		}
	}

	private Process start(Path output) throws IOException {
		List<String> command = new ArrayList<>();
		command.add(ProcessHandle.current().info().command().orElseThrow());
		if (Runtime.version().feature() >= 24) {
			command.add("--enable-native-access=ALL-UNNAMED");
		}
		command.addAll(List.of("-Djava.io.tmpdir=" + this.directory, "-cp", System.getProperty("java.class.path"),
				PulseApplication.class.getName(), "--server.port=0"));
		return new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(output.toFile()).start();
	}

}

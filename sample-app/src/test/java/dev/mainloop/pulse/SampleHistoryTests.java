package dev.mainloop.pulse;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CompletableFuture;

import dev.mainloop.handler.UnavailableQueue;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link SampleHistory}: handlers are plain methods, and a test calls them.
 */
class SampleHistoryTests {

	private static final Instant START = Instant.parse("2026-01-01T00:00:00Z");

	@TempDir
	Path directory;

	@Test
	void fiveMinutesShouldBeKept() {
		SampleHistory history = history();
		for (int i = 0; i < 1000; i++) {
			history.add(sample(i));
		}
		CompletableFuture<List<Sample>> answer = new CompletableFuture<>();
		history.answer(new SamplesQuery(answer));
		assertThat(answer.join()).hasSize(300).startsWith(sample(700)).endsWith(sample(999));
	}

	@Test
	void snapshotShouldReplaceTheFile() throws Exception {
		SampleHistory history = history();
		history.add(sample(0));
		history.snapshot();
		history.written(new SnapshotWritten());
		history.add(new Sample(START.plusSeconds(1), 1.5, 2.5, 0.25, new Pressure(3, 4, 5)));
		history.snapshot(new Command.TakeSnapshot());
		JsonNode json = JsonMapper.shared().readTree(Files.readString(this.directory.resolve("new/snapshot.json")));
		assertThat(json).isEqualTo(JsonMapper.shared().readTree("""
				[ { "time": "2026-01-01T00:00:00Z", "cpu": 50.0, "memory": 50.0, "load": 1.0 },
				  { "time": "2026-01-01T00:00:01Z", "cpu": 1.5, "memory": 2.5, "load": 0.25,
				    "pressure": { "cpu": 3.0, "memory": 4.0, "io": 5.0 } } ]
				"""));
		assertThat(this.directory.resolve("new")).isDirectoryContaining("glob:**snapshot.json")
			.isDirectoryNotContaining("glob:**.tmp");
	}

	private SampleHistory history() {
		Path path = this.directory.resolve("new/snapshot.json");
		SnapshotFile file = new SnapshotFile(new PulseProperties(Duration.ofSeconds(1), path, path, path, 10),
				JsonMapper.shared(), PulseFiles.log());
		return new SampleHistory(file, Runnable::run, new UnavailableQueue<>("this is a test"));
	}

	private static Sample sample(int second) {
		return new Sample(START.plusSeconds(second), 50, 50, 1, null);
	}

}

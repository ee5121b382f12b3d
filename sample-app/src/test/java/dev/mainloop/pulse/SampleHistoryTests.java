package dev.mainloop.pulse;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CompletableFuture;

import dev.mainloop.MainLoop;
import dev.mainloop.file.AsyncFiles;
import dev.mainloop.testing.LinuxTest;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link SampleHistory}: handlers are plain methods, and a test calls them.
 */
@LinuxTest
class SampleHistoryTests {

	private static final Instant START = Instant.parse("2026-01-01T00:00:00Z");

	@TempDir
	private Path directory;

	private Path path;

	private MainLoop loop;

	private SampleHistory history;

	@BeforeEach
	void setUp() {
		this.path = this.directory.resolve("new/snapshot.json");
		this.loop = MainLoop.builder().build();
		this.history = new SampleHistory(
				new SnapshotFile(new PulseProperties(Duration.ofSeconds(1), this.path, this.path, this.path, 10),
						AsyncFiles.builder(this.loop).build(), JsonMapper.shared(), PulseFiles.log()));
	}

	@AfterEach
	void close() {
		this.loop.close();
	}

	@Test
	void fiveMinutesShouldBeKept() {
		for (int i = 0; i < 1000; i++) {
			this.history.add(sample(i));
		}
		CompletableFuture<List<Sample>> answer = new CompletableFuture<>();
		this.history.answer(new SamplesQuery(answer));
		assertThat(answer.join()).hasSize(300).startsWith(sample(700)).endsWith(sample(999));
	}

	@Test
	void snapshotShouldReplaceTheFile() throws Exception {
		this.history.add(sample(0));
		this.loop.execute(this.history::snapshot);
		this.loop.execute(() -> {
			this.history.add(new Sample(START.plusSeconds(1), 1.5, 2.5, 0.25, new Pressure(3, 4, 5)));
			this.history.snapshot(new Command.TakeSnapshot());
			this.loop.stop();
		});
		this.loop.run();
		JsonNode json = JsonMapper.shared().readTree(Files.readString(this.path));
		assertThat(json).isEqualTo(JsonMapper.shared().readTree("""
				[ { "time": "2026-01-01T00:00:00Z", "cpu": 50.0, "memory": 50.0, "load": 1.0 },
				  { "time": "2026-01-01T00:00:01Z", "cpu": 1.5, "memory": 2.5, "load": 0.25,
				    "pressure": { "cpu": 3.0, "memory": 4.0, "io": 5.0 } } ]
				"""));
		assertThat(this.path.getParent()).isDirectoryContaining("glob:**snapshot.json")
			.isDirectoryNotContaining("glob:**.tmp");
	}

	private static Sample sample(int second) {
		return new Sample(START.plusSeconds(second), 50, 50, 1, null);
	}

}

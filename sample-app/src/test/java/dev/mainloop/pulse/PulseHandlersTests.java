package dev.mainloop.pulse;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;

import dev.mainloop.log.BurstLog;
import dev.mainloop.test.AutoConfigureTestMainLoop;
import dev.mainloop.test.TestFileDescriptor;
import dev.mainloop.test.TestMainLoop;
import dev.mainloop.test.UnhandledErrorException;
import dev.mainloop.watch.FileChange;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.test.context.DynamicPropertyRegistry;
import org.springframework.test.context.DynamicPropertySource;
import org.springframework.test.context.bean.override.convention.TestBean;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Tests the event handlers of pulse on a main loop in memory, for a host that is a
 * directory of files. They take no time and need no Linux.
 */
@SpringBootTest(webEnvironment = SpringBootTest.WebEnvironment.NONE)
@AutoConfigureTestMainLoop
@ExtendWith(OutputCaptureExtension.class)
class PulseHandlersTests {

	@TempDir
	static Path directory;

	@TestBean
	private Proc proc;

	@Autowired
	private TestMainLoop loop;

	@Autowired
	@Qualifier("commands")
	private TestFileDescriptor commands;

	static Proc proc() {
		return new Proc(directory);
	}

	@DynamicPropertySource
	static void properties(DynamicPropertyRegistry registry) {
		PulseFiles.register(registry, () -> directory);
	}

	@Autowired
	private BurstLog log;

	@BeforeEach
	void setUp() throws IOException {
		this.log.sumUpAll();
		write("stat", "cpu  100 10 50 800 40 0 5 5 30 0\n");
		write("loadavg", "0.54 0.70 0.63 3/123 17023\n");
		memory(25);
		this.commands.receive("threshold cpu 100\nthreshold memory 100\nthreshold load 1000\n");
		assertThat(thresholds()).isEqualTo(new Thresholds(100, 100, 1000));
	}

	@Test
	void sampleShouldBeTakenEverySecond() throws IOException {
		this.loop.advance(Duration.ofMinutes(5));
		assertThat(samples()).hasSize(300);
		memory(75);
		this.loop.advance(Duration.ofSeconds(2));
		List<Sample> samples = samples();
		assertThat(samples).hasSize(300);
		assertThat(samples.subList(297, 300)).extracting(Sample::memory).containsExactly(25.0, 75.0, 75.0);
		assertThat(samples.get(299).load()).isEqualTo(0.54);
		assertThat(samples.get(299).time()).isEqualTo(samples.get(0).time().plusSeconds(299));
	}

	@Test
	void alertShouldComeOnceACrossing(CapturedOutput output) throws IOException {
		this.commands.receive("threshold memory 40\n");
		memory(50);
		this.loop.advance(Duration.ofSeconds(5));
		assertThat(output.getOut().split("Alert: memory is 50.0, above 40.0", -1)).hasSize(2);
		memory(40);
		this.loop.advance(Duration.ofSeconds(1));
		memory(60);
		this.loop.advance(Duration.ofSeconds(5));
		assertThat(output.getOut().split("Alert: memory is 60.0, above 40.0", -1)).hasSize(2);
	}

	@Test
	void commandsShouldComeInPieces() {
		this.commands.receive("threshold cpu 42.5\nthres");
		assertThat(thresholds()).isEqualTo(new Thresholds(42.5, 100, 1000));
		this.commands.receive("hold load 77\nthreshold mem");
		this.commands.receive("ory 55\n");
		assertThat(thresholds()).isEqualTo(new Thresholds(42.5, 55, 77));
	}

	@Test
	void badLineShouldBeQuotedAndTheNextOneTaken(CapturedOutput output) {
		this.commands.receive("reboot \033[31mnow\n\nthreshold cpu 7\n");
		assertThat(thresholds().cpu()).isEqualTo(7);
		assertThat(output).contains("Bad command 'reboot \\u001b[31mnow': ");
	}

	@Test
	void badLinesShouldBeSummedUp(CapturedOutput output) {
		this.commands.receive("reboot\n".repeat(1000));
		assertThat(output).containsOnlyOnce("Bad command 'reboot'").doesNotContain("more lines");
		this.loop.advance(BurstLog.WINDOW);
		assertThat(output).containsOnlyOnce("Bad command 'reboot'")
			.containsOnlyOnce(" 999 more lines of the FIFO 'pulse.commands' were refused");
	}

	@Test
	void longLineShouldBeDropped(CapturedOutput output) {
		this.commands.receive("x".repeat(100_000) + "\nthreshold cpu 8\n");
		assertThat(thresholds().cpu()).isEqualTo(8);
		assertThat(output).contains("Bad command 'xxx");
	}

	@Test
	void hangUpShouldReloadTheThresholds() throws IOException {
		write("thresholds.properties", "cpu=51\nmemory=52.5\nload=53\n");
		this.loop.raise("SIGHUP");
		assertThat(thresholds()).isEqualTo(new Thresholds(51, 52.5, 53));
	}

	@Test
	void changeOfTheFileShouldReloadTheThresholds() throws IOException {
		write("thresholds.properties", "cpu=54\nmemory=55.5\nload=56\n");
		this.loop.changeFile(directory.resolve("thresholds.properties"), FileChange.Kind.MOVED_IN);
		assertThat(thresholds()).isEqualTo(new Thresholds(54, 55.5, 56));
	}

	@Test
	void hangUpShouldKeepTheThresholdsWhenTheFileIsWrong(CapturedOutput output) throws IOException {
		write("thresholds.properties", "cpu=51\nrubbish here\n");
		this.loop.raise("SIGHUP");
		assertThat(thresholds()).isEqualTo(new Thresholds(100, 100, 1000));
		assertThat(output).contains("The thresholds stay, as ").contains("'rubbish here'");
	}

	@Test
	void userSignalAndCommandShouldWriteASnapshot() throws IOException {
		this.loop.advance(Duration.ofSeconds(1));
		this.loop.raise("SIGUSR1");
		assertSnapshot();
		this.loop.advance(Duration.ofSeconds(1));
		this.commands.receive("snapshot\n");
		assertSnapshot();
	}

	@Test
	void terminationShouldEndTheApplication() {
		this.loop.raise("SIGTERM");
		assertThat(this.loop.takeExitCode()).hasValue(143);
	}

	@Test
	void hostThatCannotBeReadShouldFailTheSamplerAndNotTheLoop() throws IOException {
		Files.delete(directory.resolve("meminfo"));
		assertThatExceptionOfType(UnhandledErrorException.class)
			.isThrownBy(() -> this.loop.advance(Duration.ofSeconds(1)))
			.withMessageContaining("'sampler.sample'")
			.withCauseInstanceOf(NoSuchFileException.class);
		memory(33);
		this.loop.advance(Duration.ofSeconds(1));
		List<Sample> samples = samples();
		assertThat(samples.get(samples.size() - 1).memory()).isEqualTo(33);
	}

	private void assertSnapshot() throws IOException {
		JsonNode json = JsonMapper.shared().readTree(Files.readString(directory.resolve("snapshot.json")));
		assertThat(json.size()).isEqualTo(samples().size());
		assertThat(json.get(json.size() - 1).get("memory").asDouble()).isEqualTo(25);
	}

	private List<Sample> samples() {
		SamplesQuery query = new SamplesQuery(new CompletableFuture<>());
		this.loop.send(query);
		return query.answer().join();
	}

	private Thresholds thresholds() {
		ThresholdsQuery query = new ThresholdsQuery(new CompletableFuture<>());
		this.loop.send(query);
		return query.answer().join();
	}

	private static void memory(int percent) throws IOException {
		write("meminfo", "MemTotal: 1000 kB\nMemAvailable: %d kB\n".formatted(1000 - 10 * percent));
	}

	private static void write(String name, String text) throws IOException {
		Files.writeString(directory.resolve(name), text);
	}

}

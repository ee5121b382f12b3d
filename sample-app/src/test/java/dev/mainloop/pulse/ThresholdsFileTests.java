package dev.mainloop.pulse;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;

import dev.mainloop.handler.UnavailableQueue;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import org.springframework.boot.context.properties.source.InvalidConfigurationPropertyValueException;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

/**
 * Tests for {@link ThresholdsFile}.
 */
class ThresholdsFileTests {

	@TempDir
	Path directory;

	private Path path;

	private ThresholdsFile file;

	@BeforeEach
	void setUp() {
		this.path = this.directory.resolve("private/thresholds.properties");
		this.file = new ThresholdsFile(new PulseProperties(Duration.ofSeconds(1), this.path,
				this.directory.resolve("commands"), this.directory.resolve("snapshot.json"), 10));
	}

	@Test
	void whenMissingShouldBeMadeWithTheDefaults() throws IOException {
		assertThat(this.file.read()).isEqualTo(new Thresholds(90, 90, 8));
		assertThat(this.path).hasContent("cpu=90.0\nmemory=90.0\nload=8.0\n");
		assertThat(Files.getPosixFilePermissions(this.path.getParent()))
			.isEqualTo(PosixFilePermissions.fromString("rwx------"));
	}

	@Test
	void whatIsInItShouldBeRead() throws IOException {
		PrivateDirectory.of(this.path);
		Files.writeString(this.path, "# percent\r\ncpu = 12.5\r\n\r\nload=3\n");
		assertThat(this.file.read()).isEqualTo(new Thresholds(12.5, 90, 3));
	}

	@Test
	void whatWasFormattedShouldBeParsed() {
		Thresholds thresholds = new Thresholds(1, 2.25, 1000);
		assertThat(ThresholdsFile.parse(ThresholdsFile.format(thresholds))).isEqualTo(thresholds);
	}

	@Test
	void wrongLineShouldBeQuoted() {
		assertThatIllegalArgumentException().isThrownBy(() -> ThresholdsFile.parse("cpu=50\nrubbish here\n"))
			.withMessage("the line 'rubbish here' is wrong: it is not like cpu=90.0");
		assertThatIllegalArgumentException().isThrownBy(() -> ThresholdsFile.parse("disk=50"))
			.withMessage("the line 'disk=50' is wrong: 'disk' is none of cpu, memory, load");
		assertThatIllegalArgumentException().isThrownBy(() -> ThresholdsFile.parse("memory=much"))
			.withMessage("the line 'memory=much' is wrong: 'much' is no number from 0 to 100");
	}

	@Test
	void whenWrongAtStartUpShouldNameThePropertyAndTheLine() throws IOException {
		PrivateDirectory.of(this.path);
		Files.writeString(this.path, "cpu=nine");
		assertThatExceptionOfType(InvalidConfigurationPropertyValueException.class)
			.isThrownBy(() -> new ThresholdWatch(this.file, new UnavailableQueue<>("this is a test"), PulseFiles.log()))
			.satisfies((ex) -> {
				assertThat(ex.getName()).isEqualTo("pulse.thresholds");
				assertThat(ex.getReason()).contains(this.path.toString(), "'cpu=nine'");
			});
	}

}

package dev.mainloop.pulse;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

import dev.mainloop.testing.LinuxTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

/**
 * Tests for {@link Proc}, {@link CpuTimes} and {@link Pressure}.
 */
class ProcTests {

	@TempDir
	Path directory;

	@Test
	void cpuTimesShouldNotCountGuestsTwice() throws IOException {
		write("stat", """
				cpu  100 10 50 800 40 0 5 5 30 0
				cpu0 100 10 50 800 40 0 5 5 30 0
				intr 12345 0 9
				""");
		assertThat(proc().cpuTimes()).isEqualTo(new CpuTimes(170, 1010));
	}

	@Test
	void percentSinceShouldCompareTwoReadings() {
		CpuTimes earlier = new CpuTimes(170, 1010);
		assertThat(new CpuTimes(245, 1110).percentSince(earlier)).isEqualTo(75);
		assertThat(earlier.percentSince(earlier)).isZero();
		assertThat(earlier.percentSince(CpuTimes.NONE)).isEqualTo(16.83);
	}

	@Test
	void cpuTimesOfSomethingElseShouldBeRefused() {
		assertThatIllegalArgumentException().isThrownBy(() -> CpuTimes.parse("intr 1 2 3 4 5 6 7"))
			.withMessageContaining("'intr'");
		assertThatIllegalArgumentException().isThrownBy(() -> CpuTimes.parse(""));
	}

	@Test
	void memoryShouldBeWhatIsNotAvailable() throws IOException {
		write("meminfo", """
				MemTotal:       16000000 kB
				MemFree:         1000000 kB
				MemAvailable:   12000000 kB
				""");
		assertThat(proc().memory()).isEqualTo(25);
	}

	@Test
	void memoryWithoutAvailableShouldBeRefused() throws IOException {
		write("meminfo", "MemTotal:       16000000 kB\n");
		assertThatIllegalArgumentException().isThrownBy(proc()::memory).withMessageContaining("MemAvailable");
	}

	@Test
	void loadShouldBeThatOfTheLastMinute() throws IOException {
		write("loadavg", "0.54 0.70 0.63 3/123 17023\n");
		assertThat(proc().load()).isEqualTo(0.54);
	}

	@Test
	void pressureShouldBeThatOfSomeTasksInTenSeconds() throws IOException {
		write("pressure/cpu", """
				some avg10=12.34 avg60=5.00 avg300=1.00 total=123
				full avg10=0.00 avg60=0.00 avg300=0.00 total=0
				""");
		write("pressure/memory", "some avg10=0.00 avg60=5.00 avg300=1.00 total=123\n");
		write("pressure/io", "some avg10=100.00 avg60=5.00 avg300=1.00 total=123\n");
		assertThat(proc().pressure()).isEqualTo(new Pressure(12.34, 0, 100));
	}

	@Test
	void whenTheKernelDoesNotMeasurePressureThereShouldBeNone() {
		assertThat(proc().pressure()).isNull();
	}

	@LinuxTest
	@Test
	void realFilesShouldBeUnderstood() throws IOException {
		Proc proc = new Proc();
		CpuTimes times = proc.cpuTimes();
		assertThat(times.busy()).isPositive();
		assertThat(times.total()).isGreaterThan(times.busy());
		assertThat(proc.memory()).isGreaterThan(0).isLessThan(100);
		double load = Double.parseDouble(Files.readString(Path.of("/proc/loadavg")).split(" ")[0]);
		assertThat(proc.load()).isCloseTo(load, within(1.0));
		assertThat(proc.pressure() != null).isEqualTo(Files.isReadable(Path.of("/proc/pressure/cpu")));
	}

	private Proc proc() {
		return new Proc(this.directory);
	}

	private void write(String name, String text) throws IOException {
		Path file = this.directory.resolve(name);
		Files.createDirectories(file.getParent());
		Files.writeString(file, text);
	}

}

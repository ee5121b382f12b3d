package dev.mainloop.fd;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

import dev.mainloop.libc.Errno;
import dev.mainloop.libc.ErrnoException;
import dev.mainloop.testing.LinuxTest;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

@LinuxTest
class PressureTests {

	private static final Duration STALL = Duration.ofMillis(150);

	private static final Duration WINDOW = Duration.ofSeconds(2);

	@Test
	void parseShouldReadBothLines() {
		Pressure pressure = Pressure.parse("""
				some avg10=1.25 avg60=20.00 avg300=100.00 total=1234567
				full avg10=0.00 avg60=0.50 avg300=0.01 total=7
				""");
		assertThat(pressure.some())
			.isEqualTo(new Pressure.Share(1.25, 20, 100, Duration.ofSeconds(1).plusNanos(234_567_000)));
		assertThat(pressure.full()).isEqualTo(new Pressure.Share(0, 0.5, 0.01, Duration.ofNanos(7000)));
		assertThat(Pressure.parse("some avg10=0.00 avg60=0.00 avg300=0.00 total=0\n").full()).isNull();
	}

	@Test
	void parseWhenItIsSomethingElseShouldThrow() {
		assertThatIllegalArgumentException().isThrownBy(() -> Pressure.parse("MemTotal: 1 kB"))
			.withMessage("'MemTotal: 1 kB' has no line of the time that some tasks wait");
	}

	@Test
	void thresholdShouldBeWrittenAsTheKernelTakesIt() {
		PressureThreshold some = new PressureThreshold(PressureResource.MEMORY, PressureScope.SYSTEM, false, STALL,
				WINDOW);
		assertThat(some.text()).isEqualTo("some 150000 2000000");
		assertThat(some.file()).isEqualTo(Path.of("/proc/pressure/memory"));
		assertThat(new PressureThreshold(PressureResource.IO, PressureScope.SYSTEM, true, STALL, STALL.multipliedBy(4))
			.text()).isEqualTo("full 150000 600000");
	}

	@Test
	void thresholdThatNobodyMayHaveShouldBeRefused() {
		for (Duration window : new Duration[] { Duration.ofMillis(499), Duration.ofMillis(10_001) }) {
			assertThatIllegalArgumentException()
				.isThrownBy(
						() -> new PressureThreshold(PressureResource.IO, PressureScope.SYSTEM, false, STALL, window))
				.withMessage("'window' must be from 500ms to 10s");
		}
		for (Duration stall : new Duration[] { Duration.ZERO, Duration.ofNanos(999), Duration.ofMillis(2001),
				STALL.negated() }) {
			assertThatIllegalArgumentException()
				.isThrownBy(
						() -> new PressureThreshold(PressureResource.IO, PressureScope.SYSTEM, false, stall, WINDOW))
				.withMessage("'stall' must be from 1us to the 'window'");
		}
	}

	@Test
	void controlGroupShouldBeFoundBelowItsMount() {
		List<String> groups = List.of("4:memory:/old", "0::/docker/abc/inner");
		String memory = "30 29 0:26 / /sys/fs/cgroup/memory rw - cgroup cgroup rw,memory";
		assertThat(Cgroup.find(groups, List.of(memory, "31 29 0:27 / /sys/fs/cgroup rw shared:4 - cgroup2 none rw")))
			.isEqualTo(Path.of("/sys/fs/cgroup/docker/abc/inner"));
		assertThat(Cgroup.find(groups, List.of(memory, "31 29 0:27 /docker/abc /group ro - cgroup2 none rw")))
			.isEqualTo(Path.of("/group/inner"));
		assertThat(Cgroup.find(List.of("0::/"), List.of("31 29 0:27 / /group ro - cgroup2 none rw")))
			.isEqualTo(Path.of("/group"));
		assertMissing(groups, List.of(memory));
		assertMissing(groups, List.of("31 29 0:27 /docker/other /group ro - cgroup2 none rw"));
		assertMissing(List.of("4:memory:/old"), List.of("31 29 0:27 / /group ro - cgroup2 none rw"));
	}

	private static void assertMissing(List<String> groups, List<String> mounts) {
		assertThatExceptionOfType(ErrnoException.class).isThrownBy(() -> Cgroup.find(groups, mounts))
			.satisfies((ex) -> assertThat(ex.is(Errno.ENOENT)).isTrue());
	}

	@Test
	void controlGroupOfThisProcessShouldHaveIt() throws Exception {
		if (Files.readString(Path.of("/proc/self/mountinfo")).contains(" - cgroup2 ")) {
			assertThat(Files.readAllLines(Cgroup.ofThisProcess().resolve("cgroup.procs")))
				.contains(Long.toString(ProcessHandle.current().pid()));
		}
		else {
			assertThatExceptionOfType(ErrnoException.class).isThrownBy(Cgroup::ofThisProcess)
				.withMessageContaining("the control group of this process, version 2");
		}
	}

}

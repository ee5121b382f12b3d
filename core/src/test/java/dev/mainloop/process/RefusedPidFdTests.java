package dev.mainloop.process;

import java.util.List;

import dev.mainloop.testing.JavaProgram;
import dev.mainloop.testing.LinuxTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.Timeout.ThreadMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * What is told of processes where the kernel has fewer calls, as in
 * {@link RefusedPidFdProgram}.
 */
@LinuxTest
@Timeout(value = 60, threadMode = ThreadMode.SEPARATE_THREAD)
class RefusedPidFdTests {

	@ParameterizedTest
	@ValueSource(strings = { "ENOSYS", "EPERM" })
	void exitsShouldBeToldByTheJvmWithoutPidFds(String errno) throws Exception {
		assertThat(run("pidfd_open", errno)).satisfiesExactly((line) -> assertThat(line).isEqualTo("told"),
				(line) -> assertThat(line).isEqualTo("handle told"), (line) -> assertThat(line)
					.contains("pidfd_open(2), which the kernel refuses (" + errno + ")", "MainLoop.onExit"));
	}

	@Test
	void exitsShouldBeToldByTheJvmWithoutExitInformation() throws Exception {
		assertThat(run("ioctl", "ENOTTY")).containsExactly("told", "handle told", "child exit 0");
	}

	private static List<String> run(String call, String errno) throws Exception {
		try (JavaProgram program = JavaProgram.start(List.of(), List.of(), RefusedPidFdProgram.class, call, errno)) {
			List<String> lines = program.readLines();
			assertThat(program.exitCode()).as("exit code after %s", lines).isZero();
			return lines;
		}
	}

}

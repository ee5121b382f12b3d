package dev.mainloop.fd;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link ExitStatus}.
 */
class ExitStatusTests {

	@ParameterizedTest
	@CsvSource({ "0, exit 0", "0x300, exit 3", "0xFF00, exit 255", "9, killed by SIGKILL", "11, killed by SIGSEGV",
			"0x8B, killed by SIGSEGV (core dumped)", "33, killed by SIG33", "35, killed by SIGRTMIN+1" })
	void statusShouldBeReadAsTheKernelWritesIt(String status, String text) {
		assertThat(ExitStatus.of(Integer.decode(status))).hasToString(text);
	}

	@ParameterizedTest
	@CsvSource({ "0, exit 0", "3, exit 3", "128, exit 128", "137, exit 137 or killed by SIGKILL", "255, exit 255" })
	void statusOfTheJvmShouldBeEither(int exitValue, String text) {
		assertThat(ExitStatus.ofJvm(exitValue)).hasToString(text);
	}

	@Test
	void onlyZeroShouldBeSuccess() {
		assertThat(ExitStatus.exited(0).isSuccess()).isTrue();
		assertThat(ExitStatus.exited(1).isSuccess()).isFalse();
		assertThat(ExitStatus.killed(Signal.of("TERM")).isSuccess()).isFalse();
		assertThat(ExitStatus.UNKNOWN.isSuccess()).isFalse();
		assertThat(ExitStatus.UNKNOWN).hasToString("unknown");
	}

}

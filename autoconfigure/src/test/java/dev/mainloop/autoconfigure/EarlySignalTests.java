package dev.mainloop.autoconfigure;

import java.util.List;

import dev.mainloop.testing.JavaProgram;
import dev.mainloop.testing.LinuxTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.Timeout.ThreadMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Signals that come before the loop runs, as the documentation says.
 */
@LinuxTest
@Timeout(value = 60, threadMode = ThreadMode.SEPARATE_THREAD)
class EarlySignalTests {

	private static final String[] QUIET = { "--spring.main.banner-mode=off", "--logging.level.root=warn" };

	@Test
	void signalsThatAreBlockedShouldWaitForTheirHandlers() throws Exception {
		try (JavaProgram program = start("--block-signal=HUP,USR1,INT,TERM", List.of("-Xrs"))) {
			program.send("HUP");
			program.send("USR1");
			program.writeLine("start");
			assertThat(List.of(program.readLine(), program.readLine())).containsExactlyInAnyOrder("SIGHUP", "SIGUSR1");
		}
	}

	@Test
	void signalToEndThatIsBlockedShouldEndTheApplicationWhenItHasBeenHandled() throws Exception {
		try (JavaProgram program = start("--block-signal=HUP,USR1,INT,TERM", List.of("-Xrs"))) {
			program.send("TERM");
			program.writeLine("start");
			assertThat(program.readLine()).isEqualTo("SIGTERM");
			assertThat(program.exitCode()).isEqualTo(143);
		}
	}

	@ParameterizedTest
	@CsvSource({ "HUP, 129", "USR1, 138", "TERM, 143" })
	void signalThatIsNotBlockedShouldEndTheProcess(String signal, int exitCode) throws Exception {
		try (JavaProgram program = start("--default-signal=HUP,USR1,TERM", List.of())) {
			program.send(signal);
			assertThat(program.exitCode()).isEqualTo(exitCode);
		}
	}

	private static JavaProgram start(String signals, List<String> options) throws Exception {
		JavaProgram program = JavaProgram.start(List.of("env", signals), options, EarlySignalProgram.class, QUIET);
		assertThat(program.readLine()).isEqualTo("not started");
		return program;
	}

}

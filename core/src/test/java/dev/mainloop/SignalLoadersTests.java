package dev.mainloop;

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
 * Signals that the JVM relays to loops of several class loaders, as
 * {@link SignalLoadersProgram} has them.
 */
@LinuxTest
@Timeout(value = 60, threadMode = ThreadMode.SEPARATE_THREAD)
class SignalLoadersTests {

	@ParameterizedTest
	@CsvSource({ "0, 1, 2", "1, 0, 2", "1, 2, 0", "2, 0, 1" })
	void signalShouldReachTheLoopsOfAllLoadersAndThenWhoHadItBefore(int first, int second, int third) throws Exception {
		try (JavaProgram program = JavaProgram.start(List.of(), List.of(), SignalLoadersProgram.class,
				String.valueOf(first), String.valueOf(second), String.valueOf(third))) {
			assertThat(program.readLine()).isEqualTo("0 1 2");
			assertThat(program.readLine()).isEqualTo(Math.min(second, third) + " " + Math.max(second, third));
			assertThat(program.readLine()).isEqualTo(String.valueOf(third));
			assertThat(program.readLine()).isEqualTo("first");
			assertThat(program.exitCode()).isZero();
		}
	}

	@Test
	void classLoadersAndThreadsShouldNotOutliveTheirLoops() throws Exception {
		try (JavaProgram program = JavaProgram.start(List.of(), List.of("-XX:SoftRefLRUPolicyMSPerMB=0"),
				RedeploymentProgram.class, RedeploymentProgram.Deployed.class.getName())) {
			assertThat(program.readLine()).isEqualTo("nothing is left");
			assertThat(program.exitCode()).isZero();
		}
	}

}

package dev.mainloop;

import java.util.List;

import dev.mainloop.multiplexer.MultiplexerKind;
import dev.mainloop.testing.JavaProgram;
import dev.mainloop.testing.LinuxTest;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.Timeout.ThreadMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Lets the stack overflow of those who use a loop, as in {@link StackOverflowProgram}, of
 * interpreted and of compiled code.
 */
@LinuxTest
@Timeout(value = 120, threadMode = ThreadMode.SEPARATE_THREAD)
class StackOverflowTests {

	@ParameterizedTest
	@CsvSource({ "EPOLL, -Xint", "POLL, -XX:TieredStopAtLevel=1", "SELECT, -Xint" })
	void loopShouldGoOnWhenStackOfOthersOverflows(MultiplexerKind kind, String option) throws Exception {
		try (JavaProgram program = JavaProgram.start(List.of(),
				List.of("-Xss512k", "-XX:MaxJavaStackTraceDepth=16", option), StackOverflowProgram.class,
				kind.name())) {
			for (StackOverflowProgram.Part part : StackOverflowProgram.Part.values()) {
				assertThat(program.readLine()).isEqualTo(part + " ok");
			}
			assertThat(program.exitCode()).isZero();
		}
	}

}

package dev.mainloop.multiplexer;

import java.util.List;

import dev.mainloop.testing.JavaProgram;
import dev.mainloop.testing.LinuxTest;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.Timeout.ThreadMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Waits where there is no memory, as in {@link OutOfMemoryProgram}.
 */
@LinuxTest
@Timeout(value = 120, threadMode = ThreadMode.SEPARATE_THREAD)
class OutOfMemoryTests {

	private static final String LIMIT = "1048576";

	@ParameterizedTest
	@CsvSource(delimiter = '|', textBlock = """
			EPOLL  | 400 of 400 added, [256, 256, 256] ready, 0 after that
			POLL   | 256 of 400 added, [256, 256, 256] ready, 0 after that
			SELECT | 400 of 400 added, [400, 400, 400] ready, 0 after that""")
	void awaitWhenOutOfMemoryShouldGoOn(MultiplexerKind kind, String afterwards) throws Exception {
		try (JavaProgram program = JavaProgram.start(List.of(), List.of("-XX:MaxDirectMemorySize=" + LIMIT),
				OutOfMemoryProgram.class, kind.name(), LIMIT)) {
			for (int i = 0; i < 3; i++) {
				assertThat(program.readLine()).isEqualTo("200 ready");
			}
			assertThat(program.readLine()).isEqualTo(afterwards);
			assertThat(program.exitCode()).isZero();
		}
	}

}

package dev.mainloop;

import java.util.List;

import dev.mainloop.multiplexer.MultiplexerKind;
import dev.mainloop.testing.JavaProgram;
import dev.mainloop.testing.LinuxTest;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.Timeout.ThreadMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Runs a loop where there is no memory, as in {@link OutOfMemoryProgram}.
 */
@LinuxTest
@Timeout(value = 120, threadMode = ThreadMode.SEPARATE_THREAD)
class OutOfMemoryTests {

	private static final String LIMIT = "8388608";

	@ParameterizedTest
	@EnumSource(value = MultiplexerKind.class, names = { "EPOLL", "POLL", "SELECT" })
	void loopShouldGoOnWhenDirectMemoryIsUsedUp(MultiplexerKind kind) throws Exception {
		try (JavaProgram program = JavaProgram.start(List.of(), List.of("-XX:MaxDirectMemorySize=" + LIMIT),
				OutOfMemoryProgram.class, kind.name(), LIMIT)) {
			assertThat(program.readLine()).isEqualTo("all ready, 9 handled, stopped, errors []");
			assertThat(program.readLine()).isEqualTo("{descriptors=0, queues=1, signals=0, timers=0}");
			assertThat(program.exitCode()).isZero();
		}
	}

}

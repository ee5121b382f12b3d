package dev.mainloop.fd;

import java.util.List;

import dev.mainloop.testing.JavaProgram;
import dev.mainloop.testing.LinuxTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.Timeout.ThreadMode;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * What is left behind where there is no memory, as in {@link OutOfMemoryProgram}.
 */
@LinuxTest
@Timeout(value = 120, threadMode = ThreadMode.SEPARATE_THREAD)
class OutOfMemoryTests {

	private static final String LIMIT = "1048576";

	@Test
	void openWhenOutOfMemoryShouldLeaveNothingOpen() throws Exception {
		try (JavaProgram program = JavaProgram.start(List.of(), List.of("-XX:MaxDirectMemorySize=" + LIMIT),
				OutOfMemoryProgram.class, LIMIT)) {
			assertThat(program.readLine()).isEqualTo("out of memory 50 times");
			assertThat(program.readLine()).isEqualTo(program.readLine());
			assertThat(program.exitCode()).isZero();
		}
	}

}

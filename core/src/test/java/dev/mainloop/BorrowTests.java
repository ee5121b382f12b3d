package dev.mainloop;

import java.util.List;

import dev.mainloop.testing.JavaProgram;
import dev.mainloop.testing.LinuxTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.Timeout.ThreadMode;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * The standard input of a process, as {@link BorrowProgram} borrows it.
 */
@LinuxTest
@Timeout(value = 60, threadMode = ThreadMode.SEPARATE_THREAD)
class BorrowTests {

	@Test
	void standardInputShouldBeReadAndStayOpenAndAsItWas() throws Exception {
		try (JavaProgram program = JavaProgram.start(List.of(), List.of(), BorrowProgram.class)) {
			assertThat(program.readLine()).isEqualTo("ready");
			program.writeLine("one");
			assertThat(program.readLine()).isEqualTo("one");
			program.writeLine("two");
			assertThat(program.readLine()).isEqualTo("two");
			program.endInput();
			assertThat(program.readLine()).isEqualTo("open true, flags as before true");
			assertThat(program.exitCode()).isZero();
		}
	}

}

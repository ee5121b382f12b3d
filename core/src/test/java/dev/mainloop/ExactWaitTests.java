package dev.mainloop;

import java.util.ArrayList;
import java.util.List;

import dev.mainloop.libc.LibC;
import dev.mainloop.multiplexer.IoMultiplexer;
import dev.mainloop.multiplexer.MultiplexerKind;
import dev.mainloop.testing.JavaProgram;
import dev.mainloop.testing.LinuxTest;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.Timeout.ThreadMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Timers by the time-out of {@code epoll_pwait2(2)}, and by a timerfd where the kernel
 * refuses that.
 */
@LinuxTest
@Timeout(value = 60, threadMode = ThreadMode.SEPARATE_THREAD)
class ExactWaitTests {

	@BeforeEach
	void needsKernelThatHasIt() {
		try (IoMultiplexer multiplexer = MultiplexerKind.EPOLL.get()) {
			Assumptions.assumeTrue(multiplexer.isExact(), "Linux 5.11 or later");
		}
	}

	@Test
	void timersWhenWaitIsExactShouldTakeNoTimerFd() throws Exception {
		assertThat(run()).containsExactly("epoll, 0 timerfds", "10 ticks, none early, stopped");
	}

	@ParameterizedTest
	@ValueSource(strings = { "ENOSYS", "EPERM" })
	void timersWhenExactWaitIsRefusedShouldTakeTimerFd(String errno) throws Exception {
		assertThat(run(errno)).containsExactly("epoll, 1 timerfds", "10 ticks, none early, stopped");
	}

	@Test
	void runShouldHaveLeastSlackAndGiveBackWhatTheThreadHad() {
		int before = LibC.timerSlack();
		List<Integer> slacks = new ArrayList<>();
		try (MainLoop loop = MainLoop.builder().multiplexer(MultiplexerKind.EPOLL).build()) {
			loop.execute(() -> {
				slacks.add(LibC.timerSlack());
				loop.stop();
			});
			loop.run();
		}
		assertThat(slacks).containsExactly(1);
		assertThat(LibC.timerSlack()).isEqualTo(before).isPositive();
	}

	private static List<String> run(String... arguments) throws Exception {
		try (JavaProgram program = JavaProgram.start(List.of(), List.of(), ExactWaitProgram.class, arguments)) {
			List<String> lines = program.readLines();
			assertThat(program.exitCode()).as("exit code after %s", lines).isZero();
			return lines;
		}
	}

}

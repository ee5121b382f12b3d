package dev.mainloop.fd;

import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;

import dev.mainloop.kernel.Capability;
import dev.mainloop.kernel.ProcessFiles;
import dev.mainloop.testing.LinuxTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Every kind of file descriptor is closed on exec and never blocks.
 */
@LinuxTest
class DescriptorFlagsTests {

	private static final int NON_BLOCKING = 04000;

	private static final int CLOSE_ON_EXEC = 02000000;

	@TempDir
	private Path directory;

	@Test
	void openShouldNotBlockAndNotBeInherited() {
		check(FileDescriptor.open(Path.of("/dev/null"), StandardOpenOption.WRITE));
	}

	@Test
	void openFifoShouldNotBlockAndNotBeInherited() {
		check(FileDescriptor.openFifo(this.directory.resolve("fifo")));
	}

	@Test
	void eventFdShouldNotBlockAndNotBeInherited() {
		check(EventFd.open(0));
		check(EventFd.openSemaphore(0));
	}

	@ParameterizedTest
	@EnumSource(ClockId.class)
	void timerFdShouldNotBlockAndNotBeInherited(ClockId clock) {
		Capability.assumeUsable(clock);
		check(TimerFd.open(clock));
	}

	@Test
	void signalFdShouldNotBlockAndNotBeInherited() {
		check(SignalFd.open(List.of(Signal.of("USR1"))));
	}

	@Test
	void signalFdWhenItAcceptsOthersShouldNotBlockAndNotBeInherited() {
		SignalFd signalFd = SignalFd.open(List.of());
		signalFd.accept(List.of(Signal.of("RTMIN+1")));
		check(signalFd);
	}

	private void check(FileDescriptor fd) {
		try (fd) {
			assertThat(ProcessFiles.flags(fd) & (NON_BLOCKING | CLOSE_ON_EXEC)).isEqualTo(NON_BLOCKING | CLOSE_ON_EXEC);
		}
	}

}

package dev.mainloop.fd;

import java.util.List;
import java.util.stream.IntStream;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

class SignalTests {

	@ParameterizedTest
	@CsvSource({ "HUP, SIGHUP, 1", "SIGHUP, SIGHUP, 1", "sighup, SIGHUP, 1", "' Int ', SIGINT, 2", "quit, SIGQUIT, 3",
			"KILL, SIGKILL, 9", "USR1, SIGUSR1, 10", "USR2, SIGUSR2, 12", "PIPE, SIGPIPE, 13", "TERM, SIGTERM, 15",
			"CHLD, SIGCHLD, 17", "STKFLT, SIGSTKFLT, 16", "IO, SIGIO, 29", "PWR, SIGPWR, 30", "WINCH, SIGWINCH, 28",
			"SYS, SIGSYS, 31", "RTMIN, SIGRTMIN, 34", "SIGRTMIN+1, SIGRTMIN+1, 35", "rtmin+30, SIGRTMIN+30, 64",
			"RTMAX, SIGRTMIN+30, 64", "SIGRTMAX-1, SIGRTMIN+29, 63", "RTMAX-30, SIGRTMIN, 34" })
	void ofShouldFindSignalByName(String name, String expectedName, int expectedNumber) {
		assertThat(Signal.of(name)).isEqualTo(new Signal(expectedName, expectedNumber));
	}

	@ParameterizedTest
	@ValueSource(strings = { "", "SIG", "HUPP", "SIGSIGHUP", "1", "RTMIN-1", "RTMIN+31", "RTMAX+1", "RTMAX-31",
			"RTMIN+", "RTMIN+100", "CLD" })
	void ofWhenNameIsUnknownShouldSayWhatIsUsable(String name) {
		assertThatIllegalArgumentException().isThrownBy(() -> Signal.of(name))
			.withMessage("'" + name + "' is not a signal: use a name of signal(7), such as SIGHUP, USR1 or SIGRTMIN+1"
					+ " (up to SIGRTMAX)");
	}

	@Test
	void ofShouldFindEverySignalByNumberAndName() {
		List<Signal> signals = IntStream.concat(IntStream.rangeClosed(1, 31), IntStream.rangeClosed(34, 64))
			.mapToObj(Signal::of)
			.toList();
		assertThat(signals).doesNotHaveDuplicates().isSorted();
		assertThat(signals).allSatisfy((signal) -> {
			assertThat(Signal.of(signal.name())).isEqualTo(signal);
			assertThat(Signal.of(signal.bareName())).isEqualTo(signal);
			assertThat(signal).hasToString("SIG" + signal.bareName());
			assertThat(signal.isRealTime()).isEqualTo(signal.number() > 31);
		});
	}

	@ParameterizedTest
	@ValueSource(ints = { -1, 0, 32, 33, 65 })
	void ofWhenNumberIsUnknownShouldThrow(int number) {
		assertThatIllegalArgumentException().isThrownBy(() -> Signal.of(number)).withMessageStartingWith(number + " ");
	}

}

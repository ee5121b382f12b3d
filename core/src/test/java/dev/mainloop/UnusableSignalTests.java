package dev.mainloop;

import dev.mainloop.fd.Signal;
import dev.mainloop.testing.LinuxTest;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

@LinuxTest
class UnusableSignalTests {

	private final MainLoop loop = MainLoop.builder().build();

	@AfterEach
	void close() {
		this.loop.close();
	}

	@ParameterizedTest
	@CsvSource({ "KILL, the kernel lets no process catch it, Use SIGTERM",
			"STOP, the kernel lets no process catch it, Use SIGTERM", "SEGV, the JVM itself lives by it, Use SIGUSR1",
			"BUS, the JVM itself lives by it, Use SIGUSR1", "FPE, the JVM itself lives by it, Use SIGUSR1",
			"ILL, the JVM itself lives by it, Use SIGUSR1",
			"QUIT, the JVM does not hand it out, 'env --block-signal=QUIT,INT,TERM java -Xrs'",
			"USR2, HotSpot suspends threads by it, _JAVA_SR_SIGNUM",
			"RTMIN+1, the JVM does not relay real-time signals, 'env --block-signal=RTMIN+1,INT,TERM java -Xrs'" })
	void onSignalWhenSignalIsUnusableShouldNameItReasonAndRemedy(String name, String reason, String remedy) {
		Signal signal = Signal.of(name);
		assertThatExceptionOfType(UnusableSignalException.class).isThrownBy(() -> on(this.loop, signal))
			.withMessageStartingWith(signal + " cannot be handled: " + reason)
			.withMessageContaining(remedy)
			.satisfies((ex) -> assertThat(ex.remedy()).contains(remedy).doesNotEndWith("."))
			.satisfies((ex) -> assertThat(ex.getMessage()).endsWith(ex.remedy() + "."));
		assertThat(this.loop.sourceCounts()).containsEntry("signals", 0);
		assertThat(this.loop.signalsDescription()).isEqualTo("none");
	}

	@ParameterizedTest
	@ValueSource(strings = { "HUP", "USR1", "RTMIN" })
	void onSignalWhenSignalfdIsAskedForAndSignalIsNotBlockedShouldSayHowToStart(String name) {
		Signal signal = Signal.of(name);
		try (MainLoop strict = MainLoop.builder().signals(SignalMode.SIGNALFD).build()) {
			assertThatExceptionOfType(UnusableSignalException.class).isThrownBy(() -> on(strict, signal))
				.withMessage(signal + " cannot be handled: signalfd takes only a signal that every thread blocks. "
						+ "Start the application with 'env --block-signal=" + signal.bareName()
						+ ",INT,TERM java -Xrs -jar app.jar', so that signalfd can take it.");
		}
	}

	@Test
	void onSignalAfterRefusalShouldWork() {
		assertThatExceptionOfType(UnusableSignalException.class).isThrownBy(() -> on(this.loop, Signal.of("QUIT")));
		assertThat(on(this.loop, Signal.of("WINCH")).state()).isEqualTo(EventSource.State.ENABLED);
		assertThat(this.loop.signalsDescription()).isEqualTo("relay");
	}

	private static SignalSource on(MainLoop loop, Signal signal) {
		return loop.onSignal("signal", signal, (info) -> {
		});
	}

}

package dev.mainloop.autoconfigure;

import java.util.ArrayList;
import java.util.List;

import dev.mainloop.testing.JavaProgram;
import dev.mainloop.testing.LinuxTest;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.Timeout.ThreadMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * What signals that end a process do to an application, as {@link ShutdownProgram} is
 * one.
 */
@LinuxTest
@Timeout(value = 60, threadMode = ThreadMode.SEPARATE_THREAD)
class ShutdownTests {

	private static final List<String> BLOCKING = List.of("env", "--block-signal=TERM,INT");

	/** What a shell in the background ignores is not to be ignored here. */
	private static final List<String> DEFAULT = List.of("env", "--default-signal=TERM,INT");

	private static final List<String> REDUCED = List.of("-Xrs");

	private JavaProgram program;

	@AfterEach
	void end() {
		if (this.program != null) {
			this.program.close();
		}
	}

	@ParameterizedTest
	@CsvSource({ "TERM, 143", "INT, 130" })
	void blockedSignalThatNobodyHandlesShouldEndApplicationInGoodOrder(String signal, int exitCode) throws Exception {
		start(BLOCKING, REDUCED, "none");
		assertThat(this.program.readLine()).isEqualTo("signals: signalfd");
		this.program.send(signal);
		assertThat(this.program.readLine()).isEqualTo("closed");
		assertThat(this.program.exitCode()).isEqualTo(exitCode);
	}

	@Test
	void blockedSignalShouldEndApplicationAfterItsHandlers() throws Exception {
		start(BLOCKING, REDUCED, "handler");
		assertThat(this.program.readLine()).isEqualTo("signals: signalfd");
		this.program.send("INT");
		assertThat(this.program.readLine()).isEqualTo("handled SIGINT");
		assertThat(this.program.readLine()).isEqualTo("closed");
		assertThat(this.program.exitCode()).isEqualTo(130);
	}

	@Test
	void relayedSignalShouldEndApplicationAfterItsHandlers() throws Exception {
		start(DEFAULT, List.of(), "handler");
		assertThat(this.program.readLine()).isEqualTo("signals: relay");
		this.program.send("TERM");
		assertThat(this.program.readLine()).isEqualTo("handled SIGTERM");
		assertThat(this.program.readLine()).isEqualTo("closed");
		assertThat(this.program.exitCode()).isEqualTo(143);
	}

	@Test
	void relayedSignalThatAHandlerVetoesShouldNotEndApplication() throws Exception {
		start(DEFAULT, List.of(), "handler,veto");
		assertThat(this.program.readLine()).isEqualTo("signals: relay");
		for (int i = 0; i < 2; i++) {
			this.program.send("TERM");
			assertThat(List.of(this.program.readLine(), this.program.readLine()))
				.containsExactlyInAnyOrder("handled SIGTERM", "vetoed SIGTERM");
		}
		assertThat(this.program.isAlive()).isTrue();
		this.program.send("INT");
		assertThat(this.program.readLine()).isEqualTo("handled SIGINT");
		assertThat(this.program.readLine()).isEqualTo("closed");
		assertThat(this.program.exitCode()).isEqualTo(130);
	}

	@Test
	void blockedSignalThatAHandlerVetoesShouldNotEndApplication() throws Exception {
		start(BLOCKING, REDUCED, "veto");
		assertThat(this.program.readLine()).isEqualTo("signals: signalfd");
		this.program.send("TERM");
		assertThat(this.program.readLine()).isEqualTo("vetoed SIGTERM");
		assertThat(this.program.isAlive()).isTrue();
		this.program.send("INT");
		assertThat(this.program.readLine()).isEqualTo("closed");
		assertThat(this.program.exitCode()).isEqualTo(130);
	}

	@Test
	void signalThatNobodyHandlesShouldBeLeftToTheJvm() throws Exception {
		start(DEFAULT, List.of(), "none");
		assertThat(this.program.readLine()).isEqualTo("signals: none");
		this.program.send("TERM");
		assertThat(this.program.readLine()).isEqualTo("closed");
		assertThat(this.program.exitCode()).isEqualTo(143);
	}

	@Test
	void relayedSignalShouldEndApplicationWhoseLoopHasFailed() throws Exception {
		start(DEFAULT, List.of(), "veto,failing", "--mainloop.handler-errors=stop", "--mainloop.handler-error-limit=1",
				"--spring.main.keep-alive=true");
		assertThat(List.of(this.program.readLine(), this.program.readLine()))
			.containsExactlyInAnyOrder("signals: relay", "failed");
		this.program.send("TERM");
		assertThat(this.program.readLine()).isEqualTo("closed");
		assertThat(this.program.exitCode()).isEqualTo(143);
	}

	@Test
	void blockedSignalThatAFailedLoopCannotTakeShouldBeLogged() throws Exception {
		start(BLOCKING, REDUCED, "failing", "--mainloop.handler-errors=stop", "--mainloop.handler-error-limit=1",
				"--logging.level.dev.mainloop.LoopSignals=error", "--logging.pattern.console=%m%n");
		List<String> lines = List.of(this.program.readLine(), this.program.readLine(), this.program.readLine(),
				this.program.readLine());
		assertThat(lines).contains("failed",
				"SIGTERM does not end the application any more, as every thread blocks it: use SIGKILL");
	}

	@Test
	void signalThatIsLeftToTheKernelShouldBeWarnedOf() throws Exception {
		start(List.of("env", "--default-signal=TERM", "--block-signal=HUP,INT"), REDUCED, "none",
				"--logging.level.dev.mainloop.LoopSignals=warn", "--logging.pattern.console=%m%n");
		assertThat(this.program.readLine()).isEqualTo("SIGTERM ends the process at once and not in good order, as a "
				+ "JVM that is started with -Xrs leaves it to the kernel: start the application with "
				+ "'env --block-signal=TERM,INT java -Xrs -jar app.jar'");
		assertThat(this.program.readLine()).isEqualTo("signals: signalfd");
		this.program.send("TERM");
		assertThat(this.program.exitCode()).isEqualTo(143);
		assertThat(this.program.endsOutput()).isTrue();
	}

	private void start(List<String> launcher, List<String> options, String profiles, String... properties) {
		List<String> arguments = new ArrayList<>(List.of("--spring.main.banner-mode=off", "--logging.level.root=off",
				"--spring.profiles.active=" + profiles));
		arguments.addAll(List.of(properties));
		this.program = JavaProgram.start(launcher, options, ShutdownProgram.class, arguments.toArray(new String[0]));
	}

}

package dev.mainloop.autoconfigure;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;

import dev.mainloop.testing.JavaProgram;
import dev.mainloop.testing.LinuxTest;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.Timeout.ThreadMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

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

	/** As the documentation has it. */
	private static final List<String> RECOMMENDED = List.of("env", "--block-signal=HUP,USR1,INT,TERM");

	/** The process that it starts has the process id 1. */
	private static final List<String> NAMESPACE = List.of("unshare", "--user", "--map-root-user", "--pid", "--fork",
			"--kill-child");

	private static final String OVERDUE = "SIGTERM ends the application before its own handlers have run, as a handler "
			+ "has not returned: EventQueue<java.lang.String>";

	private static final String LEFT = "The queue 'EventQueue<java.lang.String>' was closed with 2 messages that were "
			+ "not handled";

	private static final Pattern STOP_TIMEOUT = Pattern.compile("Main loop has not stopped within (\\d+) ms");

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
	void blockedSignalShouldEndApplicationWhoseLoopHasFailed() throws Exception {
		start(BLOCKING, REDUCED, "veto,failing", "--mainloop.handler-errors=stop", "--mainloop.handler-error-limit=1",
				"--spring.main.keep-alive=true");
		assertThat(List.of(this.program.readLine(), this.program.readLine()))
			.containsExactlyInAnyOrder("signals: signalfd", "failed");
		this.program.send("TERM");
		assertThat(this.program.readLine()).isEqualTo("closed");
		assertThat(this.program.exitCode()).isEqualTo(143);
	}

	static Stream<Arguments> launches() {
		return Stream.of("none", "handler")
			.flatMap((profile) -> Stream.of(Arguments.of(DEFAULT, List.of(), profile),
					Arguments.of(BLOCKING, REDUCED, profile), Arguments.of(RECOMMENDED, REDUCED, profile)));
	}

	@ParameterizedTest
	@MethodSource("launches")
	void signalBehindAHandlerThatDoesNotReturnShouldEndApplication(List<String> launcher, List<String> options,
			String profile) throws Exception {
		startStuck(launcher, options, profile, "2s");
		this.program.send("TERM");
		List<String> output = this.program.readLines();
		assertThat(this.program.exitCode()).isEqualTo(143);
		int waitedForItsHandlers = profile.equals("handler") ? 1000 : 0;
		assertThat(output.stream().flatMap((line) -> STOP_TIMEOUT.matcher(line).results()))
			.singleElement(InstanceOfAssertFactories.type(MatchResult.class))
			.extracting((timeout) -> timeout.group(1), InstanceOfAssertFactories.STRING)
			.satisfies((millis) -> assertThat(Integer.parseInt(millis)).isLessThan(2000 - waitedForItsHandlers));
		assertThat(output).contains("closed")
			.doesNotContain("handled SIGTERM")
			.noneMatch((line) -> line.startsWith("Shutdown phase"))
			.containsOnlyOnce(LEFT,
					"Main loop has not stopped, as the handler '%s.take' has not returned: %s"
						.formatted(ShutdownProgram.Stuck.class.getName(), "EventQueue<java.lang.String>"))
			.anyMatch((line) -> line.contains(ShutdownProgram.Stuck.class.getName() + ".take("));
		assertThat(output).filteredOn(OVERDUE::equals).hasSize(profile.equals("handler") ? 1 : 0);
	}

	@ParameterizedTest
	@MethodSource("launches")
	void secondSignalBehindAHandlerThatDoesNotReturnShouldEndApplicationAtOnce(List<String> launcher,
			List<String> options, String profile) throws Exception {
		startStuck(launcher, options, profile, "10m");
		while (this.program.isAlive()) {
			new ProcessBuilder("sh", "-c", "kill -s TERM " + this.program.pid()).start().waitFor();
		}
		assertThat(this.program.exitCode()).isEqualTo(143);
		assertThat(this.program.readLines()).doesNotContain("closed")
			.containsOnlyOnce(LEFT)
			.anyMatch((line) -> line.startsWith("The process ends at once, though a handler has not returned: "));
	}

	@ParameterizedTest
	@ValueSource(booleans = { false, true })
	void signalWhoseOwnHandlerDoesNotReturnShouldEndApplication(boolean blocked) throws Exception {
		start(blocked ? BLOCKING : DEFAULT, blocked ? REDUCED : List.of(), "stuckTerm",
				"--spring.lifecycle.timeout-per-shutdown-phase=1s", "--logging.level.dev.mainloop=warn",
				"--logging.pattern.console=%m%n");
		this.program.readLine();
		this.program.send("TERM");
		assertThat(this.program.readLines()).contains("closed")
			.contains("Main loop has not stopped, as the handler '%1$s.handle' has not returned: %1$s.handle"
				.formatted(ShutdownProgram.StuckTermHandler.class.getName()));
		assertThat(this.program.exitCode()).isEqualTo(143);
	}

	private void startStuck(List<String> launcher, List<String> options, String profile, String phase)
			throws Exception {
		start(launcher, options, "stuck," + profile, "--spring.lifecycle.timeout-per-shutdown-phase=" + phase,
				"--logging.level.dev.mainloop=warn", "--logging.level.dev.mainloop.handler.MainLoopLifecycle=info",
				"--logging.level.org.springframework.context.support=info", "--logging.pattern.console=%m%n");
		assertThat(List.of(this.program.readLine(), this.program.readLine(), this.program.readLine()))
			.contains("stuck");
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

	@Test
	void blockedSignalsThatComeBeforeTheLoopRunsShouldWaitForIt() throws Exception {
		start(RECOMMENDED, REDUCED, "slowStart");
		assertThat(this.program.readLine()).isEqualTo("starting");
		this.program.send("HUP");
		this.program.writeLine("go on");
		assertThat(List.of(this.program.readLine(), this.program.readLine())).contains("handled SIGHUP");
		assertThat(this.program.isAlive()).isTrue();
	}

	@Test
	void blockedSigtermThatComesBeforeTheLoopRunsShouldEndApplicationThen() throws Exception {
		start(RECOMMENDED, REDUCED, "slowStart");
		assertThat(this.program.readLine()).isEqualTo("starting");
		this.program.send("TERM");
		this.program.writeLine("go on");
		assertThat(this.program.readLines()).last().isEqualTo("closed");
		assertThat(this.program.exitCode()).isEqualTo(143);
	}

	@Test
	void signalThatDoesNotReachTheProcessWithTheIdOneShouldBeWarnedOf() throws Exception {
		start(concat(NAMESPACE, List.of("env", "--default-signal=TERM", "--block-signal=HUP,INT")), REDUCED, "none",
				"--logging.level.dev.mainloop.LoopSignals=warn", "--logging.pattern.console=%m%n");
		assertThat(this.program.readLine())
			.isEqualTo("SIGTERM does not end the process, which has the process id 1 and "
					+ "gets it only with a handler, as a JVM that is started with -Xrs leaves it to the kernel: start the "
					+ "application with 'env --block-signal=TERM,INT java -Xrs -jar app.jar'");
		assertThat(this.program.readLine()).isEqualTo("signals: signalfd");
		kill(java(this.program.pid()), "TERM");
		kill(java(this.program.pid()), "INT");
		assertThat(this.program.readLine()).isEqualTo("closed");
		assertThat(this.program.exitCode()).isEqualTo(130);
	}

	@Test
	void recommendedLaunchShouldEndTheProcessWithTheIdOneInGoodOrder() throws Exception {
		start(concat(NAMESPACE, RECOMMENDED), REDUCED, "handler", "--logging.level.dev.mainloop.LoopSignals=warn",
				"--logging.pattern.console=%m%n");
		assertThat(this.program.readLine()).isEqualTo("signals: signalfd");
		kill(java(this.program.pid()), "TERM");
		assertThat(this.program.readLine()).isEqualTo("handled SIGTERM");
		assertThat(this.program.readLine()).isEqualTo("closed");
		assertThat(this.program.exitCode()).isEqualTo(143);
	}

	private static List<String> concat(List<String> first, List<String> second) {
		return Stream.concat(first.stream(), second.stream()).toList();
	}

	private static ProcessHandle java(long launcher) {
		return ProcessHandle.of(launcher).orElseThrow().children().findFirst().orElseThrow();
	}

	private static void kill(ProcessHandle process, String signal) throws Exception {
		Process kill = new ProcessBuilder("sh", "-c", "kill -s " + signal + " " + process.pid()).start();
		assertThat(kill.waitFor()).isZero();
	}

	private void start(List<String> launcher, List<String> options, String profiles, String... properties) {
		List<String> arguments = new ArrayList<>(List.of("--spring.main.banner-mode=off", "--logging.level.root=off",
				"--spring.profiles.active=" + profiles));
		arguments.addAll(List.of(properties));
		this.program = JavaProgram.start(launcher, options, ShutdownProgram.class, arguments.toArray(new String[0]));
	}

}

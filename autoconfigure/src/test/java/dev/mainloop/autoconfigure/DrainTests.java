package dev.mainloop.autoconfigure;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;

import dev.mainloop.testing.JavaProgram;
import dev.mainloop.testing.LinuxTest;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.Timeout.ThreadMode;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * What becomes of the messages that wait when {@code kill -TERM} ends an application, as
 * {@link DrainProgram} is one.
 */
@LinuxTest
@Timeout(value = 60, threadMode = ThreadMode.SEPARATE_THREAD)
class DrainTests {

	private static final Pattern HANDLED = Pattern.compile("^handled (\\d+)");

	private static final Pattern LEFT = Pattern
		.compile("The queue 'EventQueue<java.lang.Integer>' was closed with (\\d+) messages that were not handled");

	private JavaProgram program;

	private List<String> output;

	@AfterEach
	void end() {
		this.program.close();
	}

	@Test
	void messagesShouldBeHandledWithinThePhase() throws Exception {
		run();
		assertThat(count(HANDLED)).containsExactly(DrainProgram.MESSAGES);
		assertThat(count(LEFT)).isEmpty();
		assertThat(this.output)
			.anySatisfy((line) -> assertThat(line).matches("Main loop has stopped in \\d+ ms: its event sources have "
					+ "handled " + DrainProgram.MESSAGES + " events, messages left: none"));
	}

	@Test
	void messagesThatThePhaseIsTooShortForShouldBeCountedInTheLog() throws Exception {
		run("--app.work=1ms", "--spring.lifecycle.timeout-per-shutdown-phase=200ms");
		assertThat(count(HANDLED)).hasSize(1);
		assertThat(count(LEFT)).hasSize(1).allSatisfy((left) -> assertThat(left).isPositive());
		assertThat(count(HANDLED).get(0) + count(LEFT).get(0)).isEqualTo(DrainProgram.MESSAGES);
	}

	@Test
	void messagesBehindAHandlerThatDoesNotReturnShouldBeCountedInTheLog() throws Exception {
		run("--app.stuck-at=1000", "--spring.lifecycle.timeout-per-shutdown-phase=200ms");
		assertThat(count(HANDLED)).containsExactly(1000);
		assertThat(count(LEFT)).containsExactly(DrainProgram.MESSAGES - 1001);
		assertThat(this.output).contains("Main loop has not stopped, as the handler '%s.handle' has not returned: %s"
			.formatted(DrainProgram.Worker.class.getName(), "EventQueue<java.lang.Integer>"));
		assertThat(this.output).anySatisfy((line) -> assertThat(line)
			.matches("Main loop has not stopped within \\d+ ms: handler that runs: %s.handle, messages left: %d in '%s'"
				.formatted(Pattern.quote(DrainProgram.Worker.class.getName()), DrainProgram.MESSAGES - 1001,
						"EventQueue<java.lang.Integer>")));
	}

	private void run(String... properties) throws Exception {
		List<String> arguments = new ArrayList<>(List.of("--spring.main.banner-mode=off", "--logging.level.root=off",
				"--logging.level.dev.mainloop=info", "--logging.pattern.console=%m%n",
				"--mainloop.queue-capacity=" + DrainProgram.MESSAGES));
		arguments.addAll(List.of(properties));
		this.program = JavaProgram.start(List.of("env", "--default-signal=TERM"), List.of(), DrainProgram.class,
				arguments.toArray(new String[0]));
		String line;
		do {
			line = this.program.readLine();
		}
		while (!line.equals("queued"));
		this.program.send("TERM");
		this.output = this.program.readLines();
		assertThat(this.program.exitCode()).isEqualTo(143);
	}

	private List<Integer> count(Pattern pattern) {
		return this.output.stream()
			.flatMap((line) -> pattern.matcher(line).results())
			.map((MatchResult match) -> Integer.valueOf(match.group(1)))
			.toList();
	}

}

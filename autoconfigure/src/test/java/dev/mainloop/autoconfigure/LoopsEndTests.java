package dev.mainloop.autoconfigure;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;

import dev.mainloop.testing.JavaProgram;
import dev.mainloop.testing.LinuxTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.Timeout.ThreadMode;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * What becomes of the messages of loops that send to each other without end when
 * {@code kill -TERM} ends their application, as {@link LoopsEndProgram} is one.
 */
@LinuxTest
@Timeout(value = 90, threadMode = ThreadMode.SEPARATE_THREAD)
class LoopsEndTests {

	private static final Pattern COUNTS = Pattern.compile("^sent (\\d+), handled (\\d+)");

	private static final Pattern LEFT = Pattern.compile("was closed with (\\d+) messages that were not handled");

	@Test
	void whatIsLeftShouldBeCountedInTheLogWellBeforeThePhaseIsOver() throws Exception {
		try (JavaProgram program = JavaProgram.start(List.of("env", "--default-signal=TERM"), List.of(),
				LoopsEndProgram.class, "--spring.main.banner-mode=off", "--logging.level.root=off",
				"--logging.level.dev.mainloop=info", "--logging.pattern.console=%m%n",
				"--spring.lifecycle.timeout-per-shutdown-phase=1h")) {
			String line;
			do {
				line = program.readLine();
			}
			while (!"playing".equals(line));
			program.send("TERM");
			List<String> output = new ArrayList<>(program.readLines());
			List<MatchResult> counts = matches(output, COUNTS);
			assertThat(counts).as(output::toString).hasSize(1);
			long left = matches(output, LEFT).stream().mapToLong((match) -> Long.parseLong(match.group(1))).sum();
			assertThat(left).as(output::toString).isPositive();
			assertThat(Long.parseLong(counts.get(0).group(1))).isEqualTo(Long.parseLong(counts.get(0).group(2)) + left);
			assertThat(program.exitCode()).isEqualTo(143);
		}
	}

	private static List<MatchResult> matches(List<String> output, Pattern pattern) {
		return output.stream().flatMap((line) -> pattern.matcher(line).results()).toList();
	}

}

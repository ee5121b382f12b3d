package dev.mainloop.pulse;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import org.springframework.core.io.ClassPathResource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

/**
 * Tests for {@link Command}.
 */
class CommandTests {

	private static final Pattern ROW = Pattern.compile("^\\| `([^`]+)` \\| (.*)", Pattern.MULTILINE);

	@Test
	void thresholdShouldBeParsed() {
		assertThat(Command.parse("threshold cpu 80")).isEqualTo(new Command.SetThreshold(Metric.CPU, 80));
		assertThat(Command.parse("threshold memory 0.5")).isEqualTo(new Command.SetThreshold(Metric.MEMORY, 0.5));
		assertThat(Command.parse(" threshold\tload  250 \r")).isEqualTo(new Command.SetThreshold(Metric.LOAD, 250));
	}

	@Test
	void snapshotShouldBeParsed() {
		assertThat(Command.parse("snapshot")).isEqualTo(new Command.TakeSnapshot());
	}

	@Test
	void blockShouldBeParsed() {
		assertThat(Command.parse("block")).isEqualTo(new Command.Block());
	}

	@Test
	void pageShouldHaveEachCommand() throws IOException {
		String page = new ClassPathResource("pulse.md").getContentAsString(StandardCharsets.UTF_8);
		List<MatchResult> rows = ROW.matcher(page).results().toList();
		List<Class<?>> commands = rows.stream()
			.<Class<?>>map((row) -> Command.parse(example(row.group(1), Metric.CPU)).getClass())
			.toList();
		assertThat(commands).containsExactlyInAnyOrder(Command.class.getPermittedSubclasses());
		MatchResult threshold = rows.get(0);
		for (Metric metric : Metric.values()) {
			assertThat(Command.parse(example(threshold.group(1), metric)))
				.isEqualTo(new Command.SetThreshold(metric, 1));
			assertThat(threshold.group(2)).contains("`" + metric + "`");
		}
	}

	private static String example(String command, Metric metric) {
		return command.replace("METRIC", metric.toString()).replace("VALUE", "1");
	}

	@ParameterizedTest
	@CsvSource({ "''", "reboot", "snapshot now", "threshold cpu", "threshold cpu 80 90", "threshold disk 80",
			"threshold CPU 80", "threshold cpu 101", "threshold cpu -1", "threshold cpu NaN", "threshold cpu 80d",
			"threshold load 1e3", "threshold load 99999999999", "snapshot\u2026" })
	void anythingElseShouldBeRefusedAndQuoted(String line) {
		assertThatIllegalArgumentException().isThrownBy(() -> Command.parse(line))
			.withMessageStartingWith("Bad command '" + line + "': ");
	}

}

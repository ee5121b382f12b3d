package dev.mainloop.pulse;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

/**
 * Tests for {@link Command}.
 */
class CommandTests {

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

	@ParameterizedTest
	@CsvSource({ "''", "reboot", "snapshot now", "threshold cpu", "threshold cpu 80 90", "threshold disk 80",
			"threshold CPU 80", "threshold cpu 101", "threshold cpu -1", "threshold cpu NaN", "threshold cpu 80d",
			"threshold load 1e3", "threshold load 99999999999", "snapshot\u2026" })
	void anythingElseShouldBeRefusedAndQuoted(String line) {
		assertThatIllegalArgumentException().isThrownBy(() -> Command.parse(line))
			.withMessageStartingWith("Bad command '" + line + "': ");
	}

}

package dev.mainloop.multiplexer;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static org.assertj.core.api.Assertions.assertThat;

class MillisTests {

	@ParameterizedTest
	@CsvSource({ "0, 0", "1, 1", "999999, 1", "1000000, 1", "1000001, 2", "-1, -1", "-9223372036854775808, -1",
			"2147483647000000, 2147483647", "9223372036854775807, 2147483647" })
	void ofTimeoutShouldRoundUp(long nanos, int millis) {
		assertThat(Millis.ofTimeout(nanos)).isEqualTo(millis);
	}

}

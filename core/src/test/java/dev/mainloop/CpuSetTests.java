package dev.mainloop;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

class CpuSetTests {

	@ParameterizedTest
	@CsvSource(delimiter = ':', textBlock = """
			0: 0
			2-5,8: 2-5,8
			8,2-5: 2-5,8
			5,4,3,2,8: 2-5,8
			0,1: 0-1
			1-3,2-6: 1-6
			7-7: 7
			' 1 , 3-4 ': 1,3-4
			0007: 7
			63-65,1023-1025,65535: 63-65,1023-1025,65535
			""")
	void toStringShouldBeTheListInAscendingOrder(String text, String normalized) {
		CpuSet cpus = CpuSet.parse(text);
		assertThat(cpus).hasToString(normalized)
			.isEqualTo(CpuSet.parse(normalized))
			.hasSameHashCodeAs(CpuSet.parse(normalized));
	}

	@ParameterizedTest
	@ValueSource(strings = { "", " ", ",", "1,", ",1", "1,,2", "-1", "1-", "-", "1-2-3", "a", "0x1", "1.5", "1;2",
			"1 2", "0-10:2/4", "all", "٣", "123456" })
	void parseOfOtherTextShouldShowItWithAnExample(String text) {
		assertThatIllegalArgumentException().isThrownBy(() -> CpuSet.parse(text))
			.withMessage("'%s' is not a list of CPUs, which has numbers and ranges of numbers between commas, "
					+ "such as '2-5,8' or '0'", text);
	}

	@Test
	void parseOfWrongNumbersShouldSayWhatIsWrong() {
		assertThatIllegalArgumentException().isThrownBy(() -> CpuSet.parse("0,5-2"))
			.withMessage("'0,5-2' is not a list of CPUs, which has ranges that do not begin after their end, "
					+ "such as '2-5,8' or '0'");
		assertThatIllegalArgumentException().isThrownBy(() -> CpuSet.parse("0-65536"))
			.withMessage("'0-65536' is not a list of CPUs, which has numbers less than 65536, such as '2-5,8' or '0'");
		assertThatIllegalArgumentException().isThrownBy(() -> CpuSet.parse("1\n\u001b[2J"))
			.withMessageStartingWith("'1\\u000a\\u001b[2J' is not");
	}

	@Test
	void setsShouldTellWhatTheyHave() {
		CpuSet cpus = CpuSet.parse("2-5,8");
		assertThat(cpus.size()).isEqualTo(5);
		assertThat(cpus.contains(5)).isTrue();
		assertThat(cpus.contains(6)).isFalse();
		assertThat(cpus.contains(100_000)).isFalse();
		assertThat(cpus.containsAll(CpuSet.parse("3,8"))).isTrue();
		assertThat(cpus.containsAll(cpus)).isTrue();
		assertThat(cpus.containsAll(CpuSet.parse("8-9"))).isFalse();
		assertThat(cpus).isNotEqualTo(CpuSet.parse("2-5")).isNotEqualTo("2-5,8");
	}

}

package dev.mainloop.fd;

import dev.mainloop.fd.SerialSettings.FlowControl;
import dev.mainloop.fd.SerialSettings.Parity;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.core.convert.support.DefaultConversionService;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

class SerialSettingsTests {

	@ParameterizedTest
	@CsvSource({ "9600, 9600 8N1", "250000 7E2, 250000 7E2", "'  115200   8o1 rts_cts ', 115200 8O1 RTS_CTS",
			"300 5M2 XON_XOFF shared, 300 5M2 XON_XOFF shared", "19200 6S1 shared, 19200 6S1 shared",
			"4800 NONE, 4800 8N1", "4800 shared, 4800 8N1 shared" })
	void textShouldBeRead(String text, String settings) {
		assertThat(SerialSettings.of(text)).hasToString(settings);
		assertThat(SerialSettings.of(settings)).isEqualTo(SerialSettings.of(text));
		assertThat(DefaultConversionService.getSharedInstance().convert(text, SerialSettings.class))
			.isEqualTo(SerialSettings.of(text));
	}

	@Test
	void settingsShouldBeThoseThatAreAskedFor() {
		SerialSettings settings = SerialSettings.of(9600)
			.dataBits(7)
			.parity(Parity.EVEN)
			.stopBits(2)
			.flowControl(FlowControl.RTS_CTS)
			.exclusive(false);
		assertThat(settings).isEqualTo(new SerialSettings(9600, 7, Parity.EVEN, 2, FlowControl.RTS_CTS, false))
			.hasToString("9600 7E2 RTS_CTS shared");
	}

	@ParameterizedTest
	@ValueSource(strings = { "", "fast", "9600 8X1", "9600 9N1", "9600 8N3", "9600 8N", "9600 8N1 DSR",
			"9600 8N1 NONE NONE", "99999999999" })
	void textOfSomethingElseShouldBeRefused(String text) {
		assertThatIllegalArgumentException().isThrownBy(() -> SerialSettings.of(text))
			.withMessage(
					"'" + text + "' are no settings of a serial line, such as 9600, 115200 8N1 or 19200 7E1 RTS_CTS");
	}

	@Test
	void numbersThatCannotBeShouldBeRefused() {
		assertThatIllegalArgumentException().isThrownBy(() -> SerialSettings.of(0))
			.withMessage("'baudRate' must be more than zero but is 0");
		assertThatIllegalArgumentException().isThrownBy(() -> SerialSettings.of(9600).dataBits(4))
			.withMessage("'dataBits' must be from 5 to 8 but is 4");
		assertThatIllegalArgumentException().isThrownBy(() -> SerialSettings.of(9600).stopBits(3))
			.withMessage("'stopBits' must be 1 or 2 but is 3");
	}

}

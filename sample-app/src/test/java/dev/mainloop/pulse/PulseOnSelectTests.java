package dev.mainloop.pulse;

import org.springframework.test.context.TestPropertySource;

/**
 * Tests pulse where its loop waits by {@code select(2)}.
 */
@TestPropertySource(properties = "mainloop.multiplexer=select")
class PulseOnSelectTests extends PulseApplicationTests {

	@Override
	String multiplexer() {
		return "select";
	}

}

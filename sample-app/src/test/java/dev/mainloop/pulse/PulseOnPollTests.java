package dev.mainloop.pulse;

import org.springframework.test.context.TestPropertySource;

/**
 * Tests pulse where its loop waits by {@code poll(2)}.
 */
@TestPropertySource(properties = "mainloop.multiplexer=poll")
class PulseOnPollTests extends PulseApplicationTests {

	@Override
	String multiplexer() {
		return "poll";
	}

}

package dev.mainloop.testing.container;

import dev.mainloop.testing.LinuxTest;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/**
 * Tests whose set-up fails.
 */
@LinuxTest
class BrokenSetupFixture {

	@BeforeAll
	static void setUp() {
		throw new IllegalStateException("no set-up");
	}

	@Test
	void neverRuns() {
	}

}

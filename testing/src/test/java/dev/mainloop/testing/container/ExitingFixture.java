package dev.mainloop.testing.container;

import dev.mainloop.testing.LinuxTest;
import org.junit.jupiter.api.Test;

/**
 * A test that ends its JVM, as if all were well.
 */
@LinuxTest
class ExitingFixture {

	@Test
	void exits() {
		System.exit(0);
	}

}

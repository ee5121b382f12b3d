package dev.mainloop.testing.container;

import java.util.concurrent.CountDownLatch;

import dev.mainloop.testing.LinuxTest;
import org.junit.jupiter.api.Test;

/**
 * A test that never ends.
 */
@LinuxTest
class HangingFixture {

	@Test
	void hangs() throws InterruptedException {
		new CountDownLatch(1).await();
	}

}

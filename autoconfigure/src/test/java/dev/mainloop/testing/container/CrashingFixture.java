package dev.mainloop.testing.container;

import java.util.concurrent.CountDownLatch;

import dev.mainloop.testing.Kernel;
import dev.mainloop.testing.LinuxTest;
import org.junit.jupiter.api.Test;

/**
 * A test that crashes its JVM, as a bad pointer would.
 */
@LinuxTest
class CrashingFixture {

	@Test
	void crashes() throws InterruptedException {
		Kernel.kill(ProcessHandle.current().pid(), 11);
		new CountDownLatch(1).await();
	}

}

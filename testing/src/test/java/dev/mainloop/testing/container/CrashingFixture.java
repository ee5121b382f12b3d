package dev.mainloop.testing.container;

import java.util.concurrent.CountDownLatch;

import dev.mainloop.testing.LinuxTest;
import org.junit.jupiter.api.Test;

/**
 * A test that crashes its JVM, as a bad pointer would.
 */
@LinuxTest
class CrashingFixture {

	@Test
	void crashes() throws Exception {
		new ProcessBuilder("sh", "-c", "kill -s SEGV $PPID").start();
		new CountDownLatch(1).await();
	}

}

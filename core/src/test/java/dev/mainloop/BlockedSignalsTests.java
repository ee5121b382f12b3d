package dev.mainloop;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;

import dev.mainloop.fd.Signal;
import dev.mainloop.testing.LinuxTest;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

@LinuxTest
class BlockedSignalsTests {

	@Test
	void containsShouldFollowMask() {
		BlockedSignals blocked = new BlockedSignals(1L | 1L << 34 | 1L << 63);
		assertThat(blocked.contains(Signal.of("HUP"))).isTrue();
		assertThat(blocked.contains(Signal.of("INT"))).isFalse();
		assertThat(blocked.contains(Signal.of("RTMIN"))).isFalse();
		assertThat(blocked.contains(Signal.of("RTMIN+1"))).isTrue();
		assertThat(blocked.contains(Signal.of("RTMAX"))).isTrue();
	}

	@Test
	void readWhileThreadsComeAndGoShouldSucceed() throws Exception {
		AtomicBoolean reading = new AtomicBoolean(true);
		CountDownLatch churning = new CountDownLatch(50);
		Thread churn = new Thread(() -> {
			while (reading.get()) {
				startAndJoin();
				churning.countDown();
			}
		}, "churn");
		churn.start();
		try {
			LoopRunner.await(churning);
			for (int i = 0; i < 200; i++) {
				assertThat(BlockedSignals.read().contains(Signal.of("USR1"))).isFalse();
			}
		}
		finally {
			reading.set(false);
			churn.join();
		}
	}

	private static void startAndJoin() {
		Thread thread = new Thread(() -> {
		}, "short");
		thread.start();
		try {
			thread.join();
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
		}
	}

}

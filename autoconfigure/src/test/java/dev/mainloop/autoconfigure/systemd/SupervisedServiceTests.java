package dev.mainloop.autoconfigure.systemd;

import java.time.Duration;
import java.util.List;

import dev.mainloop.kernel.NotifySocket;
import dev.mainloop.testing.JavaProgram;
import dev.mainloop.testing.LinuxTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.Timeout.ThreadMode;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * The protocols of {@code sd_notify(3)} and {@code sd_watchdog_enabled(3)} with a service
 * of its own process, {@link ServiceProgram}.
 */
@LinuxTest
@Timeout(value = 120, threadMode = ThreadMode.SEPARATE_THREAD)
class SupervisedServiceTests {

	private static final Duration INTERVAL = Duration.ofSeconds(1);

	private static final String SIGN = "WATCHDOG=1";

	private static final String EXECUTE = "export NOTIFY_SOCKET=\"$0\" WATCHDOG_USEC=\"$1\" WATCHDOG_PID=$$; shift; "
			+ "exec \"$@\"";

	private static final int KILLED = 128 + 9;

	private static final int TERMINATED = 128 + 15;

	private final NotifySocket socket = new NotifySocket();

	private JavaProgram start() {
		return JavaProgram.start(
				List.of("sh", "-c", EXECUTE, this.socket.address(), Long.toString(INTERVAL.toNanos() / 1000)),
				List.of(), ServiceProgram.class, "--spring.main.banner-mode=off", "--logging.level.root=warn");
	}

	@Test
	void serviceThatHangsShouldBeStartedAgain() throws Exception {
		try (JavaProgram hanging = start()) {
			takeUntil("READY=1");
			for (int i = 0; i < 3; i++) {
				takeUntil(SIGN);
			}
			hanging.send("USR1");
			awaitSilence();
			assertThat(hanging.isAlive()).isTrue();
			hanging.send("KILL");
			assertThat(hanging.exitCode()).isEqualTo(KILLED);
		}
		try (JavaProgram program = start()) {
			takeUntil("READY=1");
			takeUntil(SIGN);
			program.send("TERM");
			takeUntil("STOPPING=1");
			assertThat(program.exitCode()).isEqualTo(TERMINATED);
		}
		finally {
			this.socket.close();
		}
	}

	private void takeUntil(String assignment) {
		List<String> assignments;
		do {
			assignments = List.of(this.socket.take().split("\n"));
		}
		while (!assignments.contains(assignment));
	}

	/** Waits until no sign has come for the interval, as the service manager does. */
	private void awaitSilence() {
		long last = System.nanoTime();
		while (System.nanoTime() - last < INTERVAL.toNanos()) {
			if (SIGN.equals(this.socket.poll())) {
				last = System.nanoTime();
			}
			Thread.onSpinWait();
		}
	}

}

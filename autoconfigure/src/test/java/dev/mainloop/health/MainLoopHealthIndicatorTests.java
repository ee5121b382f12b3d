package dev.mainloop.health;

import java.time.Duration;
import java.util.Map;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;

import dev.mainloop.MainLoop;
import dev.mainloop.kernel.SeccompFilter;
import dev.mainloop.kernel.SystemCall;
import dev.mainloop.libc.Errno;
import dev.mainloop.testing.LinuxTest;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

@LinuxTest
class MainLoopHealthIndicatorTests {

	@Test
	void detailsShouldSayWhyTheLoopDoesNotWaitByEpoll() throws Exception {
		SystemCall.EPOLL_CREATE1.assume();
		FutureTask<Map<String, Object>> details = new FutureTask<>(() -> {
			SeccompFilter.refuseEpoll(Errno.EPERM);
			try (MainLoop loop = MainLoop.builder().build()) {
				return new MainLoopHealthIndicator(loop, () -> null, Duration.ZERO, () -> null).health().getDetails();
			}
		});
		new Thread(details, "sandbox").start();
		assertThat(details.get(30, TimeUnit.SECONDS)).containsEntry("multiplexer", "poll")
			.containsEntry("multiplexerReason",
					"epoll is refused: epoll_create1(EPOLL_CLOEXEC): EPERM (Operation not permitted)");
	}

}

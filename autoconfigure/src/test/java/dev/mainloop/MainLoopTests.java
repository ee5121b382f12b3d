package dev.mainloop;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

import dev.mainloop.fd.EventFd;
import dev.mainloop.multiplexer.Readiness;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

class MainLoopTests {

	@Test
	void runShouldHandleTimersTasksQueuesAndDescriptors() throws Exception {
		try (MainLoop loop = MainLoop.builder().build(); EventFd eventFd = EventFd.open(0)) {
			List<String> order = new ArrayList<>();
			CountDownLatch done = new CountDownLatch(5);
			loop.every("beat", Duration.ZERO, Duration.ofMillis(10), (timer) -> {
				order.add(timer.tick().toString());
				done.countDown();
			});
			EventQueue<String> queue = loop.queue("strings", 16, (message) -> {
				order.add(message);
				done.countDown();
			});
			loop.watch("eventfd", eventFd, Readiness.READABLE, (fd, readiness) -> {
				order.add(readiness.toString() + eventFd.take());
				done.countDown();
			});
			MainLoopThread thread = new MainLoopThread(loop);
			thread.start();
			queue.send("hello");
			eventFd.add(7);
			assertThat(done.await(10, TimeUnit.SECONDS)).isTrue();
			thread.stop().get(10, TimeUnit.SECONDS);
			assertThat(order).contains("hello", "readable7");
			assertThat(loop.state()).isEqualTo(MainLoop.State.STOPPED);
		}
	}

}

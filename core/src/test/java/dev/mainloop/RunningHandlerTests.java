package dev.mainloop;

import java.util.concurrent.CountDownLatch;

import dev.mainloop.testing.LinuxTest;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * What other threads see of the handler that runs.
 */
@LinuxTest
class RunningHandlerTests {

	private final MainLoop loop = MainLoop.builder().build();

	@AfterEach
	void close() {
		this.loop.close();
	}

	@Test
	void runningHandlerShouldBeThatOfTheSourceAndShowWhatItDoes() throws Exception {
		CountDownLatch begun = new CountDownLatch(1);
		CountDownLatch release = new CountDownLatch(1);
		QueueSource<CountDownLatch> queue = this.loop.queue("latches", 2, (latch) -> {
			begun.countDown();
			LoopRunner.await(latch);
		});
		assertThat(this.loop.runningHandler()).isNull();
		queue.send(release);
		try (LoopRunner runner = LoopRunner.start(this.loop)) {
			LoopRunner.await(begun);
			RunningHandler running = this.loop.runningHandler();
			assertThat(running.source()).isEqualTo("latches");
			assertThat(running.stack())
				.anyMatch((frame) -> frame.getClassName().equals(RunningHandlerTests.class.getName()))
				.noneMatch((frame) -> frame.getClassName().equals(Dispatcher.class.getName()));
			assertThat(running.toString().lines()).startsWith("latches").hasSize(1 + running.stack().size());
			release.countDown();
			runner.awaitIteration();
		}
		assertThat(this.loop.runningHandler()).isNull();
	}

}

package dev.mainloop;

import java.util.ArrayList;
import java.util.List;

import dev.mainloop.testing.LinuxTest;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

/**
 * Tests that the loop tells its own thread from others.
 */
@LinuxTest
class LoopThreadTests {

	private final MainLoop loop = MainLoop.builder().build();

	@AfterEach
	void close() {
		this.loop.close();
	}

	@Test
	void handlerShouldBeOnTheLoopThread() {
		List<Boolean> answers = new ArrayList<>();
		this.loop.execute(() -> {
			this.loop.requireLoopThread();
			answers.add(this.loop.isLoopThread());
		});
		this.loop.runOnce();
		assertThat(answers).containsExactly(true);
	}

	@Test
	void otherThreadShouldBeNamedWithTheLoops() {
		try (LoopRunner runner = LoopRunner.start(this.loop)) {
			assertThat(this.loop.isLoopThread()).isFalse();
			assertThatIllegalStateException().isThrownBy(this.loop::requireLoopThread)
				.withMessage("This runs on the thread '%s' and not on that of the main loop, 'mainloop': "
						+ "pass it to MainLoop.execute", Thread.currentThread().getName());
			assertThat(runner.thread().isRunning()).isTrue();
		}
	}

	@Test
	void loopThatDoesNotRunShouldHaveNoThread() {
		assertThatIllegalStateException().isThrownBy(this.loop::requireLoopThread)
			.withMessageContaining("main loop, which does not run: pass it to MainLoop.execute");
	}

}

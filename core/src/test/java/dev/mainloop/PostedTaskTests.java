package dev.mainloop;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.RejectedExecutionException;

import dev.mainloop.testing.LinuxTest;
import dev.mainloop.testing.NamedTask;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatNullPointerException;

@LinuxTest
class PostedTaskTests {

	@Test
	void executeShouldRunTasksInOrder() {
		try (MainLoop loop = MainLoop.builder().build()) {
			List<Integer> order = new ArrayList<>();
			List<Integer> expected = new ArrayList<>();
			for (int i = 0; i < 1000; i++) {
				int number = i;
				loop.execute(() -> order.add(number));
				expected.add(number);
			}
			LoopRunner.runUntilIdle(loop);
			assertThat(order).isEqualTo(expected);
		}
	}

	@Test
	void executeByTaskShouldRunAfterTasksThatWait() {
		try (MainLoop loop = MainLoop.builder().build()) {
			List<String> order = new ArrayList<>();
			loop.execute(() -> {
				order.add("first");
				loop.execute(() -> order.add("third"));
			});
			loop.execute(() -> order.add("second"));
			LoopRunner.runUntilIdle(loop);
			assertThat(order).containsExactly("first", "second", "third");
		}
	}

	@Test
	void executeWhenFullShouldRefuse() {
		try (MainLoop loop = MainLoop.builder().taskCapacity(4).build()) {
			for (int i = 0; i < 4; i++) {
				loop.execute(() -> {
				});
			}
			assertThatExceptionOfType(RejectedExecutionException.class)
				.isThrownBy(() -> loop.execute(new NamedTask("fifth")))
				.withMessage("The main loop does not take fifth: 4 posted tasks wait already");
			LoopRunner.runUntilIdle(loop);
			loop.execute(new NamedTask("fifth"));
		}
	}

	@Test
	void executeWhenStoppedOrClosedShouldRefuse() {
		MainLoop loop = MainLoop.builder().build();
		try (loop; LoopRunner runner = LoopRunner.start(loop)) {
			runner.stop();
			assertThatExceptionOfType(RejectedExecutionException.class)
				.isThrownBy(() -> loop.execute(new NamedTask("late")))
				.withMessage("The main loop does not take late: it is stopped");
		}
		assertThatExceptionOfType(RejectedExecutionException.class)
			.isThrownBy(() -> loop.execute(new NamedTask("late")))
			.withMessage("The main loop does not take late: it is closed");
	}

	@Test
	void executeWhenTaskIsNullShouldThrow() {
		try (MainLoop loop = MainLoop.builder().build()) {
			assertThatNullPointerException().isThrownBy(() -> loop.execute(null))
				.withMessage("'task' must not be null");
		}
	}

	@Test
	void builderWhenTaskCapacityOrBudgetIsNotPositiveShouldThrow() {
		assertThatIllegalArgumentException().isThrownBy(() -> MainLoop.builder().taskCapacity(0).build())
			.withMessageContaining("apacity");
		assertThatIllegalArgumentException().isThrownBy(() -> MainLoop.builder().budget(0))
			.withMessageContaining("'budget'");
	}

}

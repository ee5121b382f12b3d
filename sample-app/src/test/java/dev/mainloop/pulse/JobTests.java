package dev.mainloop.pulse;

import java.util.ArrayDeque;
import java.util.Queue;

import dev.mainloop.MainLoop;
import dev.mainloop.QueueSource;
import dev.mainloop.testing.LinuxTest;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import org.springframework.core.task.TaskRejectedException;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

/**
 * Tests for {@link Job}.
 */
@LinuxTest
class JobTests {

	private final MainLoop loop = MainLoop.builder().build();

	private final QueueSource<String> results = this.loop.queue("results", 16, (result) -> this.handled += result);

	private final Queue<Runnable> worker = new ArrayDeque<>();

	private final Job<String> job = new Job<>(this.worker::add, this.results);

	private String handled = "";

	@AfterEach
	void close() {
		this.loop.close();
	}

	@Test
	void whatIsAskedForMeanwhileShouldBeDoneOnceMore() {
		assertThat(this.job.isToWait()).isFalse();
		this.job.start(() -> "done");
		for (int i = 0; i < 100; i++) {
			assertThat(this.job.isToWait()).isTrue();
		}
		this.worker.remove().run();
		this.loop.runOnce();
		assertThat(this.handled).isEqualTo("done");
		assertThat(this.job.end()).isTrue();
		assertThat(this.job.isToWait()).isFalse();
		this.job.start(() -> "done");
		assertThat(this.job.end()).isFalse();
	}

	@Test
	void jobWhoseResultNobodyTakesShouldBeDoneAgain() {
		this.job.start(() -> {
			throw new IllegalStateException("This is a test");
		});
		assertThatIllegalStateException().isThrownBy(this.worker.remove()::run);
		assertThat(this.job.isToWait()).isFalse();
		this.results.close();
		this.job.start(() -> "done");
		this.worker.remove().run();
		assertThat(this.job.isToWait()).isFalse();
	}

	@Test
	void jobThatTheWorkerRefusesShouldBeDoneAgain() {
		Job<String> refused = new Job<>((task) -> {
			throw new TaskRejectedException("This is a test");
		}, this.results);
		assertThatExceptionOfType(TaskRejectedException.class).isThrownBy(() -> refused.start(() -> "done"));
		assertThat(refused.isToWait()).isFalse();
	}

}

package dev.mainloop.pulse;

import java.util.ArrayDeque;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link Job}.
 */
class JobTests {

	private final Queue<CompletableFuture<Void>> begun = new ArrayDeque<>();

	private final Job job = new Job(() -> {
		CompletableFuture<Void> work = new CompletableFuture<>();
		this.begun.add(work);
		return work;
	});

	@Test
	void whatIsAskedForMeanwhileShouldBeDoneOnceMore() {
		for (int i = 0; i < 100; i++) {
			this.job.request();
		}
		assertThat(this.begun).hasSize(1);
		this.begun.remove().complete(null);
		assertThat(this.begun).hasSize(1);
		this.begun.remove().complete(null);
		assertThat(this.begun).isEmpty();
		this.job.request();
		assertThat(this.begun).hasSize(1);
	}

	@Test
	void jobThatFailsShouldBeDoneAgain() {
		this.job.request();
		this.begun.remove().completeExceptionally(new IllegalStateException("This is a test"));
		this.job.request();
		assertThat(this.begun).hasSize(1);
	}

	@Test
	void jobThatCannotBeginShouldBeDoneAgain() {
		Queue<String> tries = new ArrayDeque<>();
		Job refused = new Job(() -> {
			tries.add("try");
			throw new IllegalStateException("This is a test");
		});
		refused.request();
		refused.request();
		assertThat(tries).hasSize(2);
	}

}

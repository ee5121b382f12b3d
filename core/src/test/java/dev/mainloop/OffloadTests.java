package dev.mainloop;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;

import dev.mainloop.testing.LinuxTest;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

@LinuxTest
@ExtendWith(OutputCaptureExtension.class)
class OffloadTests {

	private final List<String> errors = new ArrayList<>();

	private final CountDownLatch failed = new CountDownLatch(1);

	private final MainLoop loop = MainLoop.builder().taskCapacity(2).errorHandler((source, event, error) -> {
		this.errors.add(source + ": " + error);
		this.failed.countDown();
	}).build();

	private final MainLoopThread thread = new MainLoopThread(this.loop);

	@AfterEach
	void close() {
		this.loop.close(Duration.ofSeconds(60));
	}

	private static <T> T await(CompletableFuture<T> future) throws Exception {
		return future.get(60, TimeUnit.SECONDS);
	}

	@Test
	void resultShouldComeBackToLoop() throws Exception {
		this.thread.start();
		CompletableFuture<List<Boolean>> threads = new CompletableFuture<>();
		this.loop.execute(() -> this.loop.offload(() -> this.loop.isLoopThread())
			.thenAccept((inWorker) -> threads.complete(List.of(inWorker, this.loop.isLoopThread()))));
		assertThat(await(threads)).containsExactly(false, true);
	}

	@Test
	void otherThreadShouldOffloadAndWait() throws Exception {
		this.thread.start();
		assertThat(await(this.loop.offload(() -> Thread.currentThread().getName()))).isEqualTo("mainloop-worker");
	}

	@Test
	void handlerShouldNotWait() throws Exception {
		this.thread.start();
		CompletableFuture<Void> refused = new CompletableFuture<>();
		CountDownLatch end = new CountDownLatch(1);
		this.loop.execute(() -> {
			CompletableFuture<Boolean> result = this.loop.offload(() -> end.await(60, TimeUnit.SECONDS));
			assertThatIllegalStateException().isThrownBy(result::join).withMessageContaining("thenAccept");
			assertThatIllegalStateException().isThrownBy(result::get);
			assertThatIllegalStateException().isThrownBy(() -> result.get(1, TimeUnit.SECONDS));
			assertThatIllegalStateException().isThrownBy(() -> result.thenApply((some) -> some).join());
			end.countDown();
			result.thenAccept((some) -> refused.complete(null));
		});
		await(refused);
		assertThat(this.errors).isEmpty();
	}

	@Test
	void cancelShouldInterruptWorker() throws Exception {
		this.thread.start();
		CountDownLatch begun = new CountDownLatch(1);
		CountDownLatch interrupted = new CountDownLatch(1);
		CompletableFuture<Void> result = this.loop.offload(() -> {
			begun.countDown();
			try {
				new CountDownLatch(1).await();
			}
			catch (InterruptedException ex) {
				interrupted.countDown();
				throw ex;
			}
			return null;
		});
		assertThat(begun.await(60, TimeUnit.SECONDS)).isTrue();
		assertThat(result.cancel(true)).isTrue();
		assertThat(interrupted.await(60, TimeUnit.SECONDS)).isTrue();
		this.thread.stop().get(60, TimeUnit.SECONDS);
		assertThat(this.errors).isEmpty();
	}

	@Test
	void workAndWhatFollowsShouldHaveTheContextOfWhoOffloadsIt() throws Exception {
		ThreadLocal<String> user = new ThreadLocal<>();
		MainLoop carrying = MainLoop.builder().threadContext(() -> {
			String captured = user.get();
			return (captured == null) ? null : () -> {
				user.set(captured);
				return user::remove;
			};
		}).build();
		new MainLoopThread(carrying).start();
		try (carrying) {
			user.set("ada");
			CompletableFuture<String> worker = carrying.offload(user::get);
			CompletableFuture<String> loop = carrying.offload(() -> "").thenApply((none) -> user.get());
			user.remove();
			CompletableFuture<String> none = carrying.offload(user::get);
			assertThat(await(worker)).isEqualTo("ada");
			assertThat(await(loop)).isEqualTo("ada");
			assertThat(await(none)).isNull();
		}
	}

	@Test
	void failureThatNobodyAsksForShouldGoToErrorHandler() throws Exception {
		this.thread.start();
		this.loop.execute(() -> this.loop.offload(() -> {
			throw new IOException("expected");
		}));
		assertThat(this.failed.await(60, TimeUnit.SECONDS)).isTrue();
		assertThat(this.errors).containsExactly("offloaded work: java.io.IOException: expected");
	}

	@Test
	void failureShouldFailFuture() throws Exception {
		this.thread.start();
		AtomicReference<Throwable> failure = new AtomicReference<>();
		CompletableFuture<Void> told = new CompletableFuture<>();
		this.loop.execute(() -> this.loop.offload(() -> {
			throw new IOException("expected");
		}).whenComplete((result, ex) -> {
			failure.set(ex);
			told.complete(null);
		}));
		await(told);
		assertThat(failure.get()).isInstanceOf(IOException.class);
		assertThat(this.errors).isEmpty();
	}

	@Test
	void workUnderWayShouldBeBounded() throws Exception {
		this.thread.start();
		CountDownLatch end = new CountDownLatch(1);
		CompletableFuture<Boolean> one = this.loop.offload(() -> end.await(60, TimeUnit.SECONDS));
		CompletableFuture<Boolean> other = this.loop.offload(() -> end.await(60, TimeUnit.SECONDS));
		assertThatExceptionOfType(RejectedExecutionException.class).isThrownBy(() -> this.loop.offload(() -> null))
			.withMessageStartingWith("The main loop does not offload ")
			.withMessageEndingWith(": 2 pieces of work are under way already");
		end.countDown();
		assertThat(await(one)).isTrue();
		assertThat(await(other)).isTrue();
	}

	@Test
	void stopShouldWaitForWorkAndWhatFollows() throws Exception {
		this.thread.start();
		List<String> handled = new ArrayList<>();
		CountDownLatch end = new CountDownLatch(1);
		CountDownLatch begun = new CountDownLatch(1);
		this.loop.offload(() -> {
			begun.countDown();
			return end.await(60, TimeUnit.SECONDS);
		})
			.thenCompose((first) -> this.loop.offload(() -> "second"))
			.thenAccept((second) -> this.loop.execute(() -> handled.add(second)));
		assertThat(begun.await(60, TimeUnit.SECONDS)).isTrue();
		CompletableFuture<Void> stopped = this.thread.stop();
		assertThatExceptionOfType(RejectedExecutionException.class).isThrownBy(() -> this.loop.offload(() -> null));
		end.countDown();
		await(stopped);
		assertThat(handled).containsExactly("second");
	}

	@Test
	void closeShouldCancelWorkThatIsLeft(CapturedOutput output) throws Exception {
		this.thread.start();
		CountDownLatch begun = new CountDownLatch(1);
		CountDownLatch interrupted = new CountDownLatch(1);
		CompletableFuture<Boolean> result = this.loop.offload(() -> {
			begun.countDown();
			try {
				return new CountDownLatch(1).await(60, TimeUnit.SECONDS);
			}
			finally {
				interrupted.countDown();
			}
		});
		assertThat(begun.await(60, TimeUnit.SECONDS)).isTrue();
		assertThat(this.loop.close(Duration.ofSeconds(60))).isTrue();
		assertThat(interrupted.await(60, TimeUnit.SECONDS)).isTrue();
		Throwable failure = await(result.<Throwable>handle((value, thrown) -> thrown));
		assertThat(failure).isInstanceOf(CancellationException.class)
			.hasMessageStartingWith("The main loop is closed before ");
		assertThat(output).contains("The main loop is closed with calls of 'offloaded work' under way");
	}

	@Test
	void workThatWasNeverBegunShouldBeCancelledByClose() {
		CompletableFuture<String> result = this.loop.offload(() -> "never");
		this.loop.close();
		assertThat(result).isCancelled();
		assertThatIllegalStateException().isThrownBy(() -> this.loop.offload(() -> "late"));
	}

	@Test
	void loopShouldBeginWorkThatCameBeforeItsStart() throws Exception {
		CompletableFuture<String> result = this.loop.offload(() -> "early");
		this.thread.start();
		assertThat(await(result)).isEqualTo("early");
	}

}

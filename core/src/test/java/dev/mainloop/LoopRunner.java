package dev.mainloop;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Runs a loop by hand or on a thread of its own, with limits on what a test waits for.
 */
final class LoopRunner implements AutoCloseable {

	static final long TIMEOUT_SECONDS = 30;

	private final MainLoop loop;

	private final MainLoopThread thread;

	private LoopRunner(MainLoop loop) {
		this.loop = loop;
		this.thread = new MainLoopThread(loop);
	}

	/** Runs a loop on a thread of its own until this is closed. */
	static LoopRunner start(MainLoop loop) {
		LoopRunner runner = new LoopRunner(loop);
		runner.thread.start();
		return runner;
	}

	/** Runs iterations on the calling thread for as long as there is something to do. */
	static void runUntilIdle(MainLoop loop) {
		while (loop.runOnce()) {
			assertThat(loop.thread()).isNull();
		}
	}

	static void await(CountDownLatch latch) throws InterruptedException {
		assertThat(latch.await(TIMEOUT_SECONDS, TimeUnit.SECONDS)).isTrue();
	}

	/** Has another thread do something, and waits until it has done it. */
	static void onAnotherThread(Runnable action) {
		CompletableFuture.runAsync(action).orTimeout(TIMEOUT_SECONDS, TimeUnit.SECONDS).join();
	}

	MainLoopThread thread() {
		return this.thread;
	}

	/**
	 * Waits until the loop has looked for events once more: a timer that is set by a task
	 * expires in the next iteration at the earliest, after the handlers of file
	 * descriptors.
	 */
	void awaitIteration() throws InterruptedException {
		CountDownLatch latch = new CountDownLatch(1);
		this.loop.execute(() -> this.loop.after("iteration", Duration.ZERO, (timer) -> latch.countDown()));
		await(latch);
	}

	void stop() {
		this.thread.stop().orTimeout(TIMEOUT_SECONDS, TimeUnit.SECONDS).join();
	}

	@Override
	public void close() {
		stop();
	}

}

package dev.mainloop.file;

import java.time.Duration;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

import dev.mainloop.MainLoop;
import dev.mainloop.MainLoopThread;
import dev.mainloop.SignalMode;
import dev.mainloop.kernel.SystemCall;

/**
 * A loop with files, on a thread of its own.
 */
final class FileLoop implements AutoCloseable {

	static final long TIMEOUT_SECONDS = 60;

	final MainLoop loop;

	final MainLoopThread thread;

	final AsyncFiles files;

	/** What handlers have thrown. */
	final Queue<Throwable> errors = new ConcurrentLinkedQueue<>();

	FileLoop(FileIo fileIo, int capacity) {
		this.loop = MainLoop.builder()
			.signals(SignalMode.RELAY)
			.errorHandler((source, event, error) -> this.errors.add(error))
			.build();
		this.files = AsyncFiles.builder(this.loop).fileIo(fileIo).capacity(capacity).build();
		this.thread = new MainLoopThread(this.loop);
		this.thread.start();
	}

	/** Skips the test where the kernel or a sandbox refuses a way. */
	static void assume(FileIo fileIo) {
		if (fileIo == FileIo.IO_URING) {
			SystemCall.IO_URING_SETUP.assume();
		}
	}

	/** Begins something on the loop's thread, and waits until that has completed. */
	<T> T get(Supplier<CompletableFuture<T>> begin) {
		return begun(begin).orTimeout(TIMEOUT_SECONDS, TimeUnit.SECONDS).join();
	}

	/** Runs something on the loop's thread, and waits for it. */
	void run(Runnable task) {
		get(() -> {
			task.run();
			return CompletableFuture.completedFuture(null);
		});
	}

	/** Begins something on the loop's thread. */
	<T> CompletableFuture<T> begun(Supplier<CompletableFuture<T>> begin) {
		CompletableFuture<T> result = new CompletableFuture<>();
		this.loop.execute(() -> {
			try {
				begin.get().whenComplete((value, failure) -> {
					if (failure != null) {
						result.completeExceptionally(failure);
					}
					else {
						result.complete(value);
					}
				});
			}
			catch (Throwable ex) {
				result.completeExceptionally(ex);
			}
		});
		return result;
	}

	@Override
	public void close() {
		this.thread.stop().orTimeout(TIMEOUT_SECONDS, TimeUnit.SECONDS).join();
		this.loop.close(Duration.ofSeconds(TIMEOUT_SECONDS));
	}

}

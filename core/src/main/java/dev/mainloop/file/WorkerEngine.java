package dev.mainloop.file;

import java.util.Arrays;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

import dev.mainloop.Completion;
import dev.mainloop.fd.EventFd;
import dev.mainloop.libc.Errno;
import org.jspecify.annotations.Nullable;

/**
 * Carries out file operations with threads that may block. They are made as they are
 * needed, and end when they have had nothing to do for a minute.
 */
final class WorkerEngine implements FileEngine {

	private static final long KEPT_SECONDS = 60;

	private final FileCalls calls;

	private final ThreadPoolExecutor workers;

	private final Work[] works;

	private @Nullable Consumer<Completion> completed;

	private @Nullable String fallbackReason;

	/**
	 * Creates an engine.
	 * @param calls carries out single operations
	 * @param capacity how many operations run or wait at most
	 * @param workers how many threads there are at most
	 * @param threads makes them
	 */
	WorkerEngine(FileCalls calls, int capacity, int workers, ThreadFactory threads) {
		this.calls = calls;
		this.works = new Work[capacity];
		Arrays.setAll(this.works, (slot) -> new Work());
		this.workers = new ThreadPoolExecutor(workers, workers, KEPT_SECONDS, TimeUnit.SECONDS,
				new ArrayBlockingQueue<>(capacity), threads);
		this.workers.allowCoreThreadTimeOut(true);
	}

	/** Has it stand in for an engine that cannot be had. */
	WorkerEngine insteadOf(String reason) {
		this.fallbackReason = reason;
		return this;
	}

	@Override
	public FileIo kind() {
		return FileIo.WORKERS;
	}

	@Override
	public @Nullable String fallbackReason() {
		return this.fallbackReason;
	}

	@Override
	public void open(Consumer<Completion> completed, EventFd wakeUp) {
		this.completed = completed;
	}

	@Override
	public void begin(FileOperation operation) {
		Work work = this.works[operation.slot];
		work.operation = operation;
		this.workers.execute(work);
	}

	@Override
	public void cancel(FileOperation operation) {
		if (this.workers.remove(this.works[operation.slot])) {
			operation.ended(-Errno.ECANCELED.number());
			complete(operation);
		}
	}

	private void complete(FileOperation operation) {
		Consumer<Completion> completed = this.completed;
		assert completed != null;
		completed.accept(operation);
	}

	@Override
	public void submit() {
	}

	@Override
	public boolean hasCompletion() {
		return false;
	}

	@Override
	public @Nullable FileOperation next() {
		return null;
	}

	@Override
	public boolean await() {
		return false;
	}

	@Override
	public void close() {
		this.workers.shutdown();
		boolean interrupted = false;
		boolean ended = false;
		while (!ended) {
			try {
				ended = this.workers.awaitTermination(Long.MAX_VALUE, TimeUnit.NANOSECONDS);
			}
			catch (InterruptedException ex) {
				interrupted = true;
			}
		}
		if (interrupted) {
			Thread.currentThread().interrupt();
		}
	}

	/** An operation as a task of the workers. */
	private final class Work implements Runnable {

		private @Nullable FileOperation operation;

		@Override
		public void run() {
			FileOperation operation = this.operation;
			assert operation != null;
			try {
				operation.ended(WorkerEngine.this.calls.call(operation));
			}
			catch (Throwable ex) {
				operation.failed(ex);
			}
			finally {
				complete(operation);
			}
		}

	}

}

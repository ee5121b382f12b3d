package dev.mainloop;

import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

import org.jspecify.annotations.Nullable;

/**
 * The threads that may block for a loop: those of an executor that it was given, which
 * stays its owner's, or a few of its own, which are made as they are needed and end when
 * they have had nothing to do for a minute. Belongs to the loop's thread.
 */
final class Workers implements Executor, AutoCloseable {

	private static final int COUNT = 10;

	private static final long KEPT_SECONDS = 60;

	private final LoopName loop;

	private final @Nullable Executor given;

	private @Nullable ExecutorService own;

	/**
	 * Creates the workers of a loop.
	 * @param loop the name of the loop
	 * @param given has the threads, {@code null} for threads of its own
	 */
	Workers(LoopName loop, @Nullable Executor given) {
		this.loop = loop;
		this.given = given;
	}

	@Override
	public void execute(Runnable task) {
		((this.given != null) ? this.given : own()).execute(task);
	}

	private ExecutorService own() {
		ExecutorService made = this.own;
		if (made == null) {
			ThreadPoolExecutor pool = new ThreadPoolExecutor(COUNT, COUNT, KEPT_SECONDS, TimeUnit.SECONDS,
					new LinkedBlockingQueue<>(), this::thread);
			pool.allowCoreThreadTimeOut(true);
			made = pool;
			this.own = made;
		}
		return made;
	}

	private Thread thread(Runnable task) {
		Thread thread = Affinity.thread(task, this.loop.thread() + "-worker");
		thread.setDaemon(true);
		return thread;
	}

	/** Ends the threads of its own that have nothing to do, and the others after that. */
	@Override
	public void close() {
		if (this.own != null) {
			this.own.shutdown();
		}
	}

}

package dev.mainloop.benchmarks.peer;

import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/**
 * The JDK's executor, on one thread.
 */
final class ExecutorPeer implements Receiver {

	private final ThreadPoolExecutor executor = new ThreadPoolExecutor(1, 1, 0, TimeUnit.SECONDS,
			new LinkedBlockingQueue<>());

	private final Runnable message;

	ExecutorPeer(Runnable message) {
		this.message = message;
	}

	@Override
	public boolean offer() {
		this.executor.execute(this.message);
		return true;
	}

	@Override
	public void close() {
		this.executor.shutdownNow();
	}

}

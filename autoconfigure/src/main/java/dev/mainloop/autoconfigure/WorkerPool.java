package dev.mainloop.autoconfigure;

import java.util.concurrent.ThreadFactory;
import java.util.concurrent.atomic.AtomicInteger;

import dev.mainloop.MainLoop;
import dev.mainloop.handler.MainLoopLifecycle;

import org.springframework.core.task.VirtualThreadTaskExecutor;
import org.springframework.scheduling.concurrent.ThreadPoolTaskExecutor;

/**
 * The workers of an application that has none of its own. They take work until the loops
 * have stopped, and are ended after that. What waits for one of them is bounded by the
 * loops.
 */
final class WorkerPool extends ThreadPoolTaskExecutor {

	private static final long serialVersionUID = 1L;

	private static final String PREFIX = "mainloop-worker-";

	/**
	 * Creates the workers, none of which is started.
	 * @param loop makes their threads, which so run on all CPUs that the process may use
	 * @param properties how many they are
	 * @param virtual whether they are virtual threads
	 */
	WorkerPool(MainLoop loop, MainLoopProperties.Workers properties, boolean virtual) {
		setCorePoolSize(properties.getThreads());
		setMaxPoolSize(properties.getThreads());
		setKeepAliveSeconds(Math.toIntExact(properties.getKeepAlive().toSeconds()));
		setAllowCoreThreadTimeOut(true);
		setThreadFactory(virtual ? new VirtualThreadTaskExecutor(PREFIX).getVirtualThreadFactory() : platform(loop));
		setAcceptTasksAfterContextClose(true);
		setPhase(MainLoopLifecycle.PHASE - 1);
	}

	/** What still runs is what the loops have given up, and is not waited for. */
	@Override
	public void stop(Runnable callback) {
		stop();
		callback.run();
	}

	private static ThreadFactory platform(MainLoop loop) {
		AtomicInteger count = new AtomicInteger();
		return (task) -> {
			Thread thread = loop.newThread("worker", task);
			thread.setName(PREFIX + count.incrementAndGet());
			return thread;
		};
	}

}

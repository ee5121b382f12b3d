package dev.mainloop.benchmarks.peer;

import java.util.concurrent.CountDownLatch;

/**
 * A receiver that has timers. They all expire to the same task.
 *
 * @param <T> the type of its timers
 */
public interface TimerLoop<T> extends Receiver {

	/**
	 * Has a task run on the loop's thread, without waiting for it.
	 * @param task the task
	 */
	void execute(Runnable task);

	/**
	 * Arms a timer, on the loop's thread.
	 * @param delay when it expires
	 * @return the timer
	 */
	T arm(Delay delay);

	/**
	 * Arms a periodic timer, on the loop's thread.
	 * @param period how often it expires
	 */
	void every(Delay period);

	/**
	 * Cancels a timer, on the loop's thread.
	 * @param timer the timer
	 */
	void cancel(T timer);

	/**
	 * Has a task run on the loop's thread, and waits until it has.
	 * @param task the task
	 * @param times how often
	 */
	default void run(Runnable task, int times) {
		CountDownLatch done = new CountDownLatch(times);
		for (int i = 0; i < times; i++) {
			execute(() -> {
				task.run();
				done.countDown();
			});
		}
		try {
			done.await();
		}
		catch (InterruptedException ex) {
			throw new IllegalStateException(ex);
		}
	}

}

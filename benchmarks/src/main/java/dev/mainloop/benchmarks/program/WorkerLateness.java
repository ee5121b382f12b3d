package dev.mainloop.benchmarks.program;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

import dev.mainloop.BlockingCalls;
import dev.mainloop.EventQueue;
import dev.mainloop.MainLoop;
import dev.mainloop.MainLoopThread;
import dev.mainloop.WorkerTask;
import dev.mainloop.benchmarks.peer.Delay;
import org.jspecify.annotations.Nullable;

/**
 * Measures how late a timer of a millisecond is, in microseconds, on our own loop while
 * that is idle, or calls of a handler sleep on workers, one after the other on each:
 * {@code WorkerLateness COUNT idle|sleeping}.
 */
public final class WorkerLateness {

	private static final long SLEEP_MILLIS = 100;

	private static final int WORKERS = 10;

	private final Samples samples;

	private final MainLoop loop = MainLoop.builder().build();

	private long due;

	private WorkerLateness(int count) {
		this.samples = new Samples(count);
	}

	private void arm() {
		Delay delay = this.samples.isWarmingUp() ? Delay.SHORT : Delay.MILLISECOND;
		this.due = System.nanoTime() + delay.nanos();
		this.loop.after("late", delay.duration(), (timer) -> expired());
	}

	private void expired() {
		if (this.samples.add(System.nanoTime() - this.due)) {
			arm();
		}
	}

	private void sleep() {
		BlockingCalls calls = this.loop.blockingCalls("sleep", WORKERS);
		EventQueue<Runnable> queue = this.loop.queue("sleep", 2 * WORKERS,
				(next) -> calls.begin(new Sleep(next, this.samples.isWarmingUp() ? 0 : SLEEP_MILLIS)));
		Runnable again = new Runnable() {

			@Override
			public void run() {
				queue.send(this);
			}

		};
		for (int i = 0; i < WORKERS; i++) {
			again.run();
		}
	}

	private void measure() throws InterruptedException {
		MainLoopThread thread = new MainLoopThread(this.loop);
		thread.start();
		this.loop.execute(this::arm);
		this.samples.await();
		this.samples.print();
		this.loop.close();
	}

	/**
	 * Measures.
	 * @param args how many times, and what the workers do
	 * @throws InterruptedException never
	 */
	public static void main(String[] args) throws InterruptedException {
		WorkerLateness lateness = new WorkerLateness(Integer.parseInt(args[0]));
		if (args[1].equals("sleeping")) {
			lateness.sleep();
		}
		lateness.measure();
	}

	/**
	 * A call that sleeps, or while the loop warms up only waits for nothing, so that the
	 * way of a call is compiled by then as that of a timer is.
	 *
	 * @param next begins the next one
	 * @param millis how long it sleeps
	 */
	private record Sleep(Runnable next, long millis) implements WorkerTask {

		@Override
		public void run() throws InterruptedException {
			new CountDownLatch(1).await(this.millis, TimeUnit.MILLISECONDS);
		}

		@Override
		public void ended(@Nullable Throwable failure) {
			this.next.run();
		}

	}

}

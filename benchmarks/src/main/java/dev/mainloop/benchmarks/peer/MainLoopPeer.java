package dev.mainloop.benchmarks.peer;

import dev.mainloop.EventQueue;
import dev.mainloop.MainLoop;
import dev.mainloop.MainLoopThread;
import dev.mainloop.Timer;
import dev.mainloop.TimerHandler;

/**
 * Our own loop.
 */
final class MainLoopPeer implements TimerLoop<Timer> {

	private static final Integer MESSAGE = 1;

	private final MainLoop loop;

	private final MainLoopThread thread;

	private final EventQueue<Integer> queue;

	private final TimerHandler expired;

	MainLoopPeer(MainLoop loop, Runnable message, Runnable expired) {
		this.loop = loop;
		this.thread = new MainLoopThread(loop);
		this.queue = loop.queue("messages", CAPACITY, (received) -> message.run());
		this.expired = (timer) -> expired.run();
		this.thread.start();
	}

	@Override
	public boolean offer() {
		return this.queue.offer(MESSAGE);
	}

	@Override
	public void execute(Runnable task) {
		this.loop.execute(task);
	}

	@Override
	public Timer arm(Delay delay) {
		return this.loop.after("time-out", delay.duration(), this.expired);
	}

	@Override
	public void every(Delay period) {
		this.loop.every("tick", period.duration(), period.duration(), this.expired);
	}

	@Override
	public void cancel(Timer timer) {
		timer.close();
	}

	@Override
	public void close() {
		this.thread.stop().join();
		this.loop.close();
	}

}

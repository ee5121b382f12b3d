package dev.mainloop;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/**
 * Runs a {@link MainLoop} by hand: it is running from its start to its stop, and its
 * handlers are called by whoever asks for an iteration. Meant for tests.
 */
public final class MainLoopInvoker implements MainLoopRunner {

	private final MainLoop loop;

	private volatile boolean running;

	/**
	 * Whether one of the loop's own handlers has stopped it, in the iteration that runs.
	 */
	private volatile boolean stoppedByHandler;

	/**
	 * Creates an invoker of a loop.
	 * @param loop the loop, which stays the caller's to close
	 */
	public MainLoopInvoker(MainLoop loop) {
		this.loop = loop;
	}

	/**
	 * Starts the loop, or has one go on that its handler has told to stop and that has
	 * not yet.
	 */
	@Override
	public synchronized void start() {
		if (this.running) {
			throw new IllegalStateException("The %s runs already".formatted(this.loop.cycle().name()));
		}
		if (this.stoppedByHandler) {
			this.stoppedByHandler = false;
			this.running = true;
			return;
		}
		this.loop.cycle().enter(Thread.currentThread(), MainLoopState.RUNNING);
		this.loop.cycle().leave();
		this.running = true;
	}

	/**
	 * Runs one iteration on the calling thread.
	 * @param timeout how long to wait for an event at most
	 * @return {@code true} if a next one has something to do already
	 * @throws IllegalStateException if the loop runs on another thread or is closed
	 */
	public boolean runOnce(Duration timeout) {
		boolean more = this.loop.runOnce(timeout);
		if (this.stoppedByHandler) {
			this.stoppedByHandler = false;
			end();
			return false;
		}
		return more;
	}

	/**
	 * Names the event sources that a next iteration has something to do for, other than
	 * file descriptors: queues with messages, and of each clock a timer that is due.
	 * @return their descriptions
	 */
	public List<String> busySources() {
		DutyCycle cycle = this.loop.cycle();
		List<String> busy = new ArrayList<>(cycle.timers().due());
		cycle.queues().busy().forEach((queue) -> busy.add(queue.toString()));
		return busy;
	}

	/**
	 * Stops the loop. The messages and tasks that wait are handled on the calling thread,
	 * as at {@link MainLoop#stop()}, and the loop has been left when this returns; called
	 * by a handler, both come after its iteration. After {@link MainLoopGroup#stop()} the
	 * messages of all loops of the group that are run by hand are handled.
	 */
	@Override
	public synchronized CompletableFuture<Void> stop() {
		if (this.running) {
			this.running = false;
			if (this.loop.isLoopThread()) {
				this.stoppedByHandler = true;
			}
			else {
				end();
			}
		}
		return CompletableFuture.completedFuture(null);
	}

	private void end() {
		DutyCycle cycle = this.loop.cycle();
		if (cycle.isClosed()) {
			return;
		}
		Boolean runningBefore = LoopThreads.enter();
		try {
			cycle.stopByHand();
		}
		finally {
			LoopThreads.leave(runningBefore);
		}
	}

	@Override
	public boolean isRunning() {
		return this.running;
	}

}

package dev.mainloop;

/**
 * The tasks that threads post to a loop.
 */
final class TaskQueue extends QueueSource<Runnable> {

	TaskQueue(Loop loop, Queues queues, int capacity) {
		super(loop, queues, "posted tasks", capacity, Overflow.REJECT, Runnable::run);
	}

	/** Does not count, as each task is a handler of its own, which fails once. */
	@Override
	int failed() {
		return 0;
	}

}

package dev.mainloop;

import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BooleanSupplier;

/**
 * The senders that wait until a queue has room for their messages. The loop wakes them
 * all after each batch of messages that it has handled, which costs it the read of one
 * volatile field while nobody waits. Which of them finds the room first is left open.
 *
 * <h2>No wake-up is lost</h2> A sender counts itself before it tries to add its message
 * the last time before it waits, and holds the lock until it waits. The loop frees the
 * slots of its messages before it looks at the count, and needs the lock to wake. So if
 * the loop looks after the sender was counted, it wakes the sender. Otherwise it has
 * freed the slots before the sender was counted, and the sender finds them, provided that
 * freeing a slot cannot be put off beyond the look. As the queue frees slots by no more
 * than a release, only a full fence sees to that, and a volatile write is one: the loop
 * makes one where it finds the queue empty, and where it finds it paused. Where it merely
 * leaves off, as its budget is used up, it may look too early, but comes again without
 * anyone's help until the queue is empty. Closing the queue and stopping the loop are
 * volatile writes, too, and come before a look of their own.
 */
final class WaitingSenders {

	private final ReentrantLock lock = new ReentrantLock();

	private final Condition change = this.lock.newCondition();

	/** How many wait or are about to; written with the lock held. */
	private volatile int count;

	/**
	 * Waits until an attempt succeeds, which is made at least once.
	 * @param attempt what to do, again after each change; it must not wait
	 * @param nanos how long to wait at most, in nanoseconds
	 * @return {@code false} if it has not succeeded by then
	 * @throws InterruptedException if the thread is interrupted while it waits
	 */
	boolean await(BooleanSupplier attempt, long nanos) throws InterruptedException {
		this.lock.lockInterruptibly();
		try {
			this.count = this.count + 1;
			long left = nanos;
			while (!attempt.getAsBoolean()) {
				if (left <= 0) {
					return false;
				}
				left = this.change.awaitNanos(left);
			}
			return true;
		}
		finally {
			this.count = this.count - 1;
			this.lock.unlock();
		}
	}

	/** Whether a sender waits, or is about to. */
	boolean isAnyone() {
		return this.count != 0;
	}

	/** Has all that wait try again. */
	void wake() {
		if (!isAnyone()) {
			return;
		}
		this.lock.lock();
		try {
			this.change.signalAll();
		}
		finally {
			this.lock.unlock();
		}
	}

}

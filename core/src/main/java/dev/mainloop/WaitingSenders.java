package dev.mainloop;

import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BooleanSupplier;

import org.jspecify.annotations.Nullable;

/**
 * The senders that wait until a queue has room for their messages: threads, and those
 * that have left a call to be made then. The loop wakes them all after each batch of
 * messages that it has handled, which costs it the read of one volatile field while
 * nobody waits. Which of them finds the room first is left open.
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
 *
 * <h2>Nor is a call</h2> A sender that does not wait itself counts itself in the same
 * way, before it tries, and holds the lock until its call is in the list. So if the loop
 * looks after that, it finds the call in the list, and otherwise the sender finds the
 * slots. The count goes down as the call is taken out, under the lock, so that it is made
 * once. It is made without the lock, as it may lead to another.
 */
final class WaitingSenders {

	private final ReentrantLock lock = new ReentrantLock();

	private final Condition change = this.lock.newCondition();

	/** How many wait or are about to; written with the lock held. */
	private volatile int count;

	/** The calls to be made, in the order in which they came; guarded by the lock. */
	private @Nullable Call first;

	private @Nullable Call last;

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

	/**
	 * Makes an attempt, and leaves a call to be made after the next change if it does not
	 * succeed.
	 * @param attempt what to do; it must not wait
	 * @param whenRoom what to call once then, by the thread that makes the change
	 * @return {@code false} if it has not succeeded, and the call will be made
	 */
	boolean attempt(BooleanSupplier attempt, Runnable whenRoom) {
		Call call = new Call(whenRoom);
		this.lock.lock();
		boolean waits = false;
		try {
			this.count = this.count + 1;
			waits = !attempt.getAsBoolean();
			if (waits) {
				append(call);
			}
			return !waits;
		}
		finally {
			if (!waits) {
				this.count = this.count - 1;
			}
			this.lock.unlock();
		}
	}

	private void append(Call call) {
		if (this.last != null) {
			this.last.next = call;
		}
		else {
			this.first = call;
		}
		this.last = call;
	}

	/** Whether a sender waits, or is about to. */
	boolean isAnyone() {
		return this.count != 0;
	}

	/** Has all that wait try again, and makes the calls that were left. */
	void wake() {
		if (!isAnyone()) {
			return;
		}
		Call call;
		this.lock.lock();
		try {
			this.change.signalAll();
			call = takeCalls();
		}
		finally {
			this.lock.unlock();
		}
		while (call != null) {
			call.whenRoom.run();
			call = call.next;
		}
	}

	/** Takes the calls out, with the lock held, for which no memory is needed. */
	private @Nullable Call takeCalls() {
		Call taken = this.first;
		this.first = null;
		this.last = null;
		for (Call call = taken; call != null; call = call.next) {
			this.count = this.count - 1;
		}
		return taken;
	}

	/** A call to be made once there is room. */
	private static final class Call {

		private final Runnable whenRoom;

		private @Nullable Call next;

		Call(Runnable whenRoom) {
			this.whenRoom = whenRoom;
		}

	}

}

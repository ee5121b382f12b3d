package dev.mainloop;

import java.util.Arrays;
import java.util.concurrent.atomic.AtomicInteger;

import dev.mainloop.fd.ClockId;
import dev.mainloop.fd.TimerFd;
import org.jspecify.annotations.Nullable;

/**
 * The timers of a loop on one clock: a binary heap by the time that each is due, and one
 * timerfd that is armed for the earliest.
 * <p>
 * The timerfd is set only before the loop waits and only if the earliest time is not the
 * one it is armed for, so that timers which come and go between two waits cost no system
 * call. Where the multiplexer can, it is edge-triggered and never read, as arming it anew
 * resets it. All belongs to the loop's thread, but for {@link #size()}.
 */
final class Timers implements AutoCloseable {

	private final NanoClock clock;

	private final ClockId clockId;

	private final TimerFd timerFd;

	private @Nullable Timer[] heap = new @Nullable Timer[64];

	private final AtomicInteger size = new AtomicInteger();

	private long nextSequence;

	private boolean armed;

	private long armedTime;

	Timers(NanoClock clock, ClockId clockId, TimerFd timerFd) {
		this.clock = clock;
		this.clockId = clockId;
		this.timerFd = timerFd;
	}

	ClockId clockId() {
		return this.clockId;
	}

	long now() {
		return this.clock.nanoTime(this.clockId);
	}

	TimerFd timerFd() {
		return this.timerFd;
	}

	int size() {
		return this.size.get();
	}

	/**
	 * Notes that the timerfd has expired.
	 * @param edge whether its event was an edge, which does not come again
	 */
	void expired(boolean edge) {
		this.armed = false;
		if (!edge) {
			this.timerFd.takeExpirations();
		}
	}

	/** Arms the timerfd for the earliest deadline, if a wait needs it. */
	void beforeWait() {
		Timer earliest = this.heap[0];
		if (earliest == null) {
			if (this.armed) {
				this.timerFd.disarm();
				this.armed = false;
			}
		}
		else if (!this.armed || this.armedTime != earliest.due) {
			this.timerFd.armAt(earliest.due, 0);
			this.armed = true;
			this.armedTime = earliest.due;
		}
	}

	/** Returns the timer that is due first, of which there has to be one. */
	Timer earliest() {
		return timerAt(0);
	}

	/** Whether the earliest timer is due. */
	boolean isDue() {
		Timer earliest = this.heap[0];
		return earliest != null && earliest.due - now() <= 0;
	}

	/**
	 * Runs the handlers of timers that are due.
	 * @param budget how many at most
	 * @return {@code true} if the budget was used up, so that more may be due
	 */
	boolean runDue(int budget) {
		if (this.heap[0] == null) {
			return false;
		}
		long now = now();
		for (int i = 0; i < budget; i++) {
			Timer timer = this.heap[0];
			if (timer == null || timer.due - now > 0) {
				return false;
			}
			if (!timer.isEnabled()) {
				remove(timer);
				continue;
			}
			timer.expire(now);
			if (timer.isPeriodic()) {
				siftDown(0, timer);
			}
			else {
				remove(timer);
			}
			timer.dispatch();
		}
		return true;
	}

	void add(Timer timer) {
		timer.sequence = ++this.nextSequence;
		int last = this.size.getPlain();
		if (last == this.heap.length) {
			this.heap = Arrays.copyOf(this.heap, last * 2);
		}
		this.size.setOpaque(last + 1);
		siftUp(last, timer);
	}

	void remove(Timer timer) {
		int index = timer.index;
		int last = this.size.getPlain() - 1;
		Timer moved = timerAt(last);
		this.heap[last] = null;
		this.size.setOpaque(last);
		timer.index = Timer.NOT_SCHEDULED;
		if (index != last) {
			siftDown(index, moved);
			if (moved.index == index) {
				siftUp(index, moved);
			}
		}
	}

	private void siftUp(int start, Timer timer) {
		int index = start;
		while (index > 0) {
			int parent = (index - 1) >>> 1;
			Timer above = timerAt(parent);
			if (!isBefore(timer, above)) {
				break;
			}
			put(index, above);
			index = parent;
		}
		put(index, timer);
	}

	private void siftDown(int start, Timer timer) {
		int size = this.size.getPlain();
		int index = start;
		while (2 * index + 1 < size) {
			int child = 2 * index + 1;
			if (child + 1 < size && isBefore(timerAt(child + 1), timerAt(child))) {
				child++;
			}
			Timer below = timerAt(child);
			if (!isBefore(below, timer)) {
				break;
			}
			put(index, below);
			index = child;
		}
		put(index, timer);
	}

	private void put(int index, Timer timer) {
		this.heap[index] = timer;
		timer.index = index;
	}

	private Timer timerAt(int index) {
		Timer timer = this.heap[index];
		assert timer != null;
		return timer;
	}

	private static boolean isBefore(Timer one, Timer other) {
		long difference = one.due - other.due;
		return difference < 0 || (difference == 0 && one.sequence < other.sequence);
	}

	@Override
	public void close() {
		this.timerFd.close();
		Arrays.fill(this.heap, null);
		this.size.set(0);
	}

}

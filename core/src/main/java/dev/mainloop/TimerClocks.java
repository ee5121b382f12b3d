package dev.mainloop;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

import dev.mainloop.fd.ClockId;
import dev.mainloop.libc.StackReserve;
import dev.mainloop.multiplexer.Trigger;

/**
 * The timers of a loop, by their clocks, each of which is there from the first timer on.
 */
final class TimerClocks implements AutoCloseable {

	private final Loop loop;

	private final Platform platform;

	private final NanoClock clock;

	private final Descriptors descriptors;

	private final WallClock wallClock;

	private final Trigger trigger;

	/** Whether the time-out of a wait is as good as a timerfd. */
	private final boolean exactWait;

	private volatile Timers[] all = {};

	/** Which clock has its turn first, so that none is always last. */
	private int turn;

	TimerClocks(Loop loop, Platform platform, NanoClock clock, Descriptors descriptors, WallClock wallClock,
			Trigger trigger, boolean exactWait) {
		this.loop = loop;
		this.platform = platform;
		this.clock = clock;
		this.descriptors = descriptors;
		this.wallClock = wallClock;
		this.trigger = trigger;
		this.exactWait = exactWait;
	}

	/** Returns the timers on a clock. */
	Timers get(ClockId clockId) {
		for (Timers some : this.all) {
			if (some.clockId() == clockId) {
				return some;
			}
		}
		return add(clockId);
	}

	private synchronized Timers add(ClockId clockId) {
		StackReserve.require();
		Timers[] known = this.all;
		for (Timers some : known) {
			if (some.clockId() == clockId) {
				return some;
			}
		}
		try (Rollback rollback = new Rollback()) {
			Timers[] more = Arrays.copyOf(known, known.length + 1);
			NanoClock shown = clockId.isRealTime() ? this.wallClock.shown() : this.clock;
			boolean exact = this.exactWait && clockId == ClockId.MONOTONIC;
			Timers added = new Timers(this.loop, shown, clockId, exact ? null : openWakeUpTimer(clockId, rollback));
			if (clockId.isRealTime()) {
				this.wallClock.add(added);
			}
			more[known.length] = added;
			this.all = more;
			rollback.keep();
			return added;
		}
	}

	private WakeUpTimer openWakeUpTimer(ClockId clockId, Rollback rollback) {
		WakeUpTimer opened = rollback.add(new WakeUpTimer(this.platform.openTimerFd(clockId), this.trigger));
		this.descriptors.add(opened);
		rollback.add(() -> this.descriptors.remove(opened));
		return opened;
	}

	int size() {
		int size = 0;
		for (Timers some : this.all) {
			size += some.size();
		}
		return size;
	}

	/**
	 * Has a wait end at the earliest deadline.
	 * @param timeoutNanos how long the wait may be, without limit if negative
	 * @return how long it may be, at most as long
	 */
	long beforeWait(long timeoutNanos) {
		long timeout = timeoutNanos;
		for (Timers some : this.all) {
			timeout = some.beforeWait(timeout);
		}
		return timeout;
	}

	/**
	 * Runs the handlers of timers that are due, as far as the slice has time for.
	 * @param budget how many of each clock at most
	 * @param slice ends the batch in time
	 * @return {@code true} if more may be due
	 */
	boolean runDue(int budget, TimeSlice slice) {
		Timers[] timers = this.all;
		boolean more = false;
		for (int i = 0; i < timers.length; i++) {
			if (slice.isOver() || this.loop.isOver()) {
				this.turn += i;
				return true;
			}
			more |= timers[Math.floorMod(this.turn + i, timers.length)].runDue(budget, slice);
		}
		return more;
	}

	/** Whether a timer may be due, which the next iteration will tell. */
	boolean isDue() {
		for (Timers some : this.all) {
			if (some.mayBeDue()) {
				return true;
			}
		}
		return false;
	}

	/** Names of each clock the timer that is due first, if one is. */
	List<String> due() {
		List<String> due = new ArrayList<>();
		for (Timers some : this.all) {
			Deadline deadline = some.due();
			if (deadline != null) {
				due.add(deadline.toString());
			}
		}
		return due;
	}

	/** Lets go of all timers, once nobody runs the loop any more. */
	void clear() {
		for (Timers some : this.all) {
			some.clear();
		}
	}

	@Override
	public void close() {
		for (Timers some : this.all) {
			some.close();
		}
	}

}

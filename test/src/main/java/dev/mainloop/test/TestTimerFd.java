package dev.mainloop.test;

import dev.mainloop.NanoClock;
import dev.mainloop.fd.ClockId;
import dev.mainloop.fd.TimerFd;
import dev.mainloop.multiplexer.Readiness;

/**
 * A {@link TimerFd} in memory.
 */
final class TestTimerFd extends TimerFd implements Pollable {

	private final NanoClock clock;

	private final ClockId clockId;

	private boolean armed;

	private long nextNanos;

	private long intervalNanos;

	private boolean tellsClockSet;

	private boolean clockSet;

	private long changes;

	TestTimerFd(NanoClock clock, ClockId clockId) {
		super("timerfd " + clockId);
		this.clock = clock;
		this.clockId = clockId;
	}

	@Override
	public void armAfter(long delayNanos, long intervalNanos) {
		arm(now() + Math.max(1, delayNanos), intervalNanos, false);
	}

	@Override
	public void armAt(long timeNanos, long intervalNanos) {
		arm(timeNanos, intervalNanos, false);
	}

	@Override
	public void armAtUnlessClockIsSet(long timeNanos) {
		arm(timeNanos, 0, true);
	}

	private synchronized void arm(long timeNanos, long intervalNanos, boolean tellsClockSet) {
		disarm();
		this.armed = true;
		this.nextNanos = timeNanos;
		this.intervalNanos = intervalNanos;
		this.tellsClockSet = tellsClockSet;
	}

	@Override
	public synchronized void disarm() {
		requireOpen();
		this.changes = changes() + 1;
		this.armed = false;
		this.clockSet = false;
	}

	@Override
	public synchronized long remainingNanos() {
		if (!this.armed || (expirations() > 0 && this.intervalNanos == 0)) {
			return 0;
		}
		return this.nextNanos + expirations() * this.intervalNanos - now();
	}

	@Override
	public synchronized long takeExpirations() {
		requireOpen();
		if (this.clockSet) {
			this.clockSet = false;
			return CLOCK_WAS_SET;
		}
		long taken = expirations();
		this.changes += taken;
		this.nextNanos += taken * this.intervalNanos;
		this.armed &= taken == 0 || this.intervalNanos > 0;
		return taken;
	}

	/** Notes that the wall clock was set. */
	synchronized void wallClockSet() {
		if (this.armed && this.tellsClockSet) {
			this.clockSet = true;
			this.changes++;
		}
	}

	private long expirations() {
		long late = now() - this.nextNanos;
		if (!this.armed || late < 0) {
			return 0;
		}
		return (this.intervalNanos > 0) ? 1 + late / this.intervalNanos : 1;
	}

	private long now() {
		return this.clock.nanoTime(this.clockId);
	}

	@Override
	public synchronized int readiness() {
		return (this.clockSet || expirations() > 0) ? Readiness.READABLE : 0;
	}

	@Override
	public synchronized long changes() {
		return this.changes + expirations();
	}

}

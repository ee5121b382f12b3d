package dev.mainloop;

import dev.mainloop.fd.TimerFd;

/**
 * A timerfd in memory, which never expires.
 */
final class MemoryTimerFd extends TimerFd {

	MemoryTimerFd() {
		super("timerfd in memory");
	}

	@Override
	public void armAt(long timeNanos, long intervalNanos) {
	}

	@Override
	public void disarm() {
	}

	@Override
	public long takeExpirations() {
		return 0;
	}

}

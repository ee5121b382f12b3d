package dev.mainloop;

import dev.mainloop.fd.FileDescriptor;
import dev.mainloop.fd.TimerFd;
import dev.mainloop.multiplexer.Trigger;

/**
 * Ends the loop's wait at a time of a clock, by a timerfd.
 * <p>
 * That is set only if the time is not the one it is armed for, so that timers which come
 * and go between two waits cost no system call. Where the multiplexer can, it is
 * edge-triggered and never read, as arming it anew resets it. Belongs to the loop's
 * thread.
 */
final class WakeUpTimer implements Watcher, AutoCloseable {

	private final TimerFd timerFd;

	private final Trigger trigger;

	private boolean armed;

	private long armedTime;

	/**
	 * Creates it without a time.
	 * @param timerFd the timerfd, which is closed with this
	 * @param trigger how it is watched
	 */
	WakeUpTimer(TimerFd timerFd, Trigger trigger) {
		this.timerFd = timerFd;
		this.trigger = trigger;
	}

	/** Sets when it ends the wait, or {@link Deadline#NEVER}. */
	void wakeAt(long time) {
		if (time == Deadline.NEVER) {
			if (this.armed) {
				this.timerFd.disarm();
				this.armed = false;
			}
		}
		else if (!this.armed || this.armedTime != time) {
			this.timerFd.armAt(time, 0);
			this.armed = true;
			this.armedTime = time;
		}
	}

	@Override
	public FileDescriptor fd() {
		return this.timerFd;
	}

	@Override
	public Trigger trigger() {
		return this.trigger;
	}

	@Override
	public void ready(int readiness) {
		this.armed = false;
		if (this.trigger != Trigger.EDGE) {
			this.timerFd.takeExpirations();
		}
	}

	@Override
	public void close() {
		this.timerFd.close();
	}

}

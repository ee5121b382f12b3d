package dev.mainloop;

import java.time.Duration;

import dev.mainloop.fd.ClockId;
import dev.mainloop.fd.TimerFd;
import dev.mainloop.multiplexer.Trigger;

/**
 * The setting of the wall clock, of which a timerfd tells that is armed for the end of
 * time, see {@code TFD_TIMER_CANCEL_ON_SET} in {@code timerfd_create(2)}.
 */
public final class ClockSource extends EventSource {

	private final ClockSetHandler handler;

	private final TimerFd timerFd;

	private final DescriptorSource source;

	/** How far the wall clock is ahead of the monotonic one. */
	private long offsetNanos;

	ClockSource(MainLoop loop, String description, ClockSetHandler handler) {
		super(loop, description);
		this.handler = handler;
		this.timerFd = loop.platform().openTimerFd(ClockId.REALTIME);
		this.source = DescriptorSource.own(loop, description, this.timerFd, Trigger.LEVEL,
				(fd, readiness) -> readable());
	}

	void open() {
		try (Rollback rollback = new Rollback()) {
			rollback.add(this.timerFd);
			arm();
			this.source.open();
			rollback.keep();
		}
	}

	private void arm() {
		this.timerFd.armAtUnlessClockIsSet(Long.MAX_VALUE);
		this.offsetNanos = offset();
	}

	private long offset() {
		NanoClock clock = loop().clock();
		return clock.nanoTime(ClockId.REALTIME) - clock.nanoTime(ClockId.MONOTONIC);
	}

	private void readable() {
		if (this.timerFd.takeExpirations() != TimerFd.CLOCK_WAS_SET) {
			return;
		}
		long before = this.offsetNanos;
		arm();
		ClockChange change = new ClockChange(Duration.ofNanos(this.offsetNanos - before));
		try {
			this.handler.clockSet(change);
			succeeded();
		}
		catch (Throwable ex) {
			loop().errors().happened(this, change, ex);
		}
	}

	@Override
	void paused() {
		this.source.pause();
	}

	@Override
	void resumed() {
		this.source.resume();
	}

	@Override
	void closed() {
		this.timerFd.close();
		loop().clockSourceClosed(this);
	}

}

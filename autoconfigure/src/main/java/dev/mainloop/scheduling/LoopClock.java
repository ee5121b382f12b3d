package dev.mainloop.scheduling;

import java.time.Clock;
import java.time.Instant;
import java.time.ZoneId;

import dev.mainloop.MainLoop;

/**
 * The wall clock of a loop.
 */
final class LoopClock extends Clock {

	private final MainLoop loop;

	private final ZoneId zone;

	LoopClock(MainLoop loop, ZoneId zone) {
		this.loop = loop;
		this.zone = zone;
	}

	@Override
	public Instant instant() {
		return this.loop.now();
	}

	@Override
	public ZoneId getZone() {
		return this.zone;
	}

	@Override
	public Clock withZone(ZoneId other) {
		return new LoopClock(this.loop, other);
	}

}

package dev.mainloop.test;

import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.atomic.AtomicLong;

import dev.mainloop.NanoClock;
import dev.mainloop.fd.ClockId;

/**
 * Clocks that stand still until they are advanced, together, or the wall clock is set, or
 * the machine is suspended.
 */
public final class ManualClocks implements NanoClock {

	private final AtomicLong monotonic = new AtomicLong(1_000_000_000);

	private final AtomicLong suspended = new AtomicLong(Duration.ofHours(1).toNanos());

	private final AtomicLong realTime = new AtomicLong();

	/**
	 * Creates clocks.
	 * @param wallClock what the wall clock shows
	 */
	public ManualClocks(Instant wallClock) {
		set(wallClock);
	}

	@Override
	public long nanoTime() {
		return this.monotonic.get();
	}

	@Override
	public long nanoTime(ClockId clock) {
		return switch (clock) {
			case MONOTONIC -> nanoTime();
			case BOOTTIME, BOOTTIME_ALARM -> nanoTime() + this.suspended.get();
			case REALTIME, REALTIME_ALARM -> this.realTime.get();
		};
	}

	/**
	 * Lets time pass.
	 * @param duration how much
	 */
	public void advance(Duration duration) {
		this.monotonic.addAndGet(duration.toNanos());
		this.realTime.addAndGet(duration.toNanos());
	}

	/**
	 * Lets the machine be suspended, for which the monotonic clock stands still.
	 * @param duration how long
	 */
	public void suspend(Duration duration) {
		this.suspended.addAndGet(duration.toNanos());
		this.realTime.addAndGet(duration.toNanos());
	}

	/**
	 * Sets the wall clock.
	 * @param wallClock what it shows
	 */
	public void set(Instant wallClock) {
		this.realTime.set(Duration.between(Instant.EPOCH, wallClock).toNanos());
	}

	/**
	 * Returns what the wall clock shows.
	 * @return the time
	 */
	public Instant wallClock() {
		return Instant.EPOCH.plusNanos(this.realTime.get());
	}

}

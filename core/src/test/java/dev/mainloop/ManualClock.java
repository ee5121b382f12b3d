package dev.mainloop;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;

/**
 * A clock that stands still until it is advanced.
 */
final class ManualClock implements NanoClock {

	private final AtomicLong now = new AtomicLong(1_000_000_000);

	@Override
	public long nanoTime() {
		return this.now.get();
	}

	void advance(Duration duration) {
		this.now.addAndGet(duration.toNanos());
	}

}

package dev.mainloop;

import java.time.Duration;
import java.util.Objects;

/**
 * The setting of the wall clock, by an administrator or a time service that does not slew
 * it. What happens while it is paused is told in sum once it is resumed.
 */
public final class ClockSource extends EventSource {

	private final Loop loop;

	private final WallClock wallClock;

	private final ClockSetHandler handler;

	private final SourceStatistics statistics = SourceStatistics.ofSingle();

	/**
	 * Whether the clock was set since its handler was told; owned by the loop's thread.
	 */
	private boolean set;

	private long stepNanos;

	ClockSource(Loop loop, WallClock wallClock, String description, ClockSetHandler handler) {
		super(description);
		this.loop = loop;
		this.wallClock = wallClock;
		this.handler = Objects.requireNonNull(handler, "'handler' must not be null");
	}

	/** Notes that the clock was set, on the loop's thread. */
	void clockSet(long step) {
		this.set = true;
		this.stepNanos += step;
	}

	/** Tells its handler what has happened since it was told, on the loop's thread. */
	void tell() {
		if (this.set && isEnabled() && !loop().isOver()) {
			ClockChange change = new ClockChange(Duration.ofNanos(this.stepNanos));
			this.set = false;
			this.stepNanos = 0;
			loop().dispatch(this, change);
		}
	}

	@Override
	public Kind kind() {
		return Kind.CLOCK;
	}

	@Override
	public SourceStatistics statistics() {
		return this.statistics;
	}

	@Override
	Loop loop() {
		return this.loop;
	}

	@Override
	void handle(Object event) throws Exception {
		this.handler.clockSet((ClockChange) event);
	}

	@Override
	void paused() {
	}

	@Override
	void resumed() {
		this.wallClock.resumed();
	}

	@Override
	void closed() {
		this.loop.unlist(this);
		this.wallClock.remove(this);
	}

}

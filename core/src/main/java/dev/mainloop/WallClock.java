package dev.mainloop;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

import dev.mainloop.fd.ClockId;
import dev.mainloop.fd.FileDescriptor;
import dev.mainloop.fd.TimerFd;
import dev.mainloop.multiplexer.Trigger;
import org.jspecify.annotations.Nullable;

/**
 * Notices that the wall clock is set: by a timerfd that is armed for the end of time, see
 * {@code TFD_TIMER_CANCEL_ON_SET} in {@code timerfd_create(2)}, and that is open while
 * the loop has real-time timers or a {@link ClockSource}.
 * <p>
 * The kernel cancels that timer, too, when the machine resumes from a suspension, after
 * which the clocks that stood still differ from those that went on. How far the clock was
 * set is therefore measured against the boot-time clock, and a suspension is told apart
 * by the monotonic one.
 */
final class WallClock implements AutoCloseable {

	/** Less than this is the time between two readings of clocks. */
	private static final long JITTER_NANOS = Duration.ofMillis(1).toNanos();

	private final Platform platform;

	private final NanoClock clock;

	private final Descriptors descriptors;

	/** The timers on the real-time clocks. */
	private final List<Timers> timers = new CopyOnWriteArrayList<>();

	private final List<ClockSource> sources = new CopyOnWriteArrayList<>();

	private final NanoClock shown = new Shown();

	/**
	 * How far the wall clock is ahead of the boot-time one, rather less than more:
	 * written by whoever arms the timerfd, which is the loop's thread but for the first
	 * time.
	 */
	private volatile long setNanos;

	/** What is open while it is needed; guarded by this object. */
	private @Nullable Watch watch;

	WallClock(Platform platform, NanoClock clock, Descriptors descriptors) {
		this.platform = platform;
		this.clock = clock;
		this.descriptors = descriptors;
	}

	/** Adds timers on a real-time clock, which stay for good. */
	synchronized void add(Timers some) {
		open();
		this.timers.add(some);
	}

	synchronized void add(ClockSource source) {
		open();
		this.sources.add(source);
	}

	synchronized void remove(ClockSource source) {
		this.sources.remove(source);
		if (this.sources.isEmpty() && this.timers.isEmpty()) {
			close();
		}
	}

	int size() {
		return this.sources.size();
	}

	private void open() {
		if (this.watch == null) {
			try (Rollback rollback = new Rollback()) {
				Watch opened = new Watch(rollback.add(this.platform.openTimerFd(ClockId.REALTIME)));
				opened.arm();
				this.descriptors.add(opened);
				this.watch = opened;
				rollback.keep();
			}
		}
	}

	/** Has the loop tell a source that was resumed what it has missed. */
	synchronized void resumed() {
		if (this.watch != null) {
			this.watch.timerFd.armAfter(0, 0);
		}
	}

	/**
	 * Returns the clock of the real-time timers: the wall clock as it was set when the
	 * loop took that up last. So that a time from before and one from after a change
	 * never meet: not where a handler runs while the clock is set, nor where timers are
	 * due before the loop comes to the event.
	 */
	NanoClock shown() {
		return this.shown;
	}

	/** Tells all what has happened to the clock, on the loop's thread. */
	private void happened() {
		Long step = takeStep();
		if (step != null) {
			ClockChange change = new ClockChange(Duration.ofNanos(step));
			this.sources.forEach((source) -> source.clockSet(step));
			this.timers.forEach((some) -> some.clockSet(step));
			this.timers.forEach((some) -> some.tellFollowers(change));
		}
		this.sources.forEach(ClockSource::tell);
	}

	/**
	 * Takes how far the clock was set.
	 * @return nanoseconds, or {@code null} if it was not
	 */
	private synchronized @Nullable Long takeStep() {
		Watch current = this.watch;
		return (current != null) ? current.takeStep() : null;
	}

	@Override
	public synchronized void close() {
		Watch current = this.watch;
		if (current != null) {
			this.watch = null;
			try {
				this.descriptors.remove(current);
			}
			finally {
				current.timerFd.close();
			}
		}
	}

	private final class Watch implements Watcher {

		private final TimerFd timerFd;

		/** How far the boot-time clock is ahead of the monotonic one. */
		private long suspendedNanos;

		Watch(TimerFd timerFd) {
			this.timerFd = timerFd;
		}

		/** Arms the timerfd, again if the clock was set meanwhile. */
		void arm() {
			do {
				WallClock.this.setNanos = ahead(ClockId.REALTIME, ClockId.BOOTTIME);
				this.suspendedNanos = ahead(ClockId.BOOTTIME, ClockId.MONOTONIC);
				this.timerFd.armAtUnlessClockIsSet(Long.MAX_VALUE);
			}
			while (Math.abs(ahead(ClockId.REALTIME, ClockId.BOOTTIME) - WallClock.this.setNanos) > JITTER_NANOS);
		}

		@Nullable Long takeStep() {
			boolean cancelled = this.timerFd.takeExpirations() == TimerFd.CLOCK_WAS_SET;
			long setBefore = WallClock.this.setNanos;
			long suspendedBefore = this.suspendedNanos;
			arm();
			long step = WallClock.this.setNanos - setBefore;
			boolean moved = Math.abs(step) > JITTER_NANOS;
			boolean suspended = this.suspendedNanos - suspendedBefore > JITTER_NANOS;
			return (moved || (cancelled && !suspended)) ? step : null;
		}

		private long ahead(ClockId one, ClockId other) {
			long least = Long.MAX_VALUE;
			long difference = 0;
			// A thread that was held up between two readings reads again.
			for (int i = 0; i < 10 && least > JITTER_NANOS / 10; i++) {
				long before = WallClock.this.clock.nanoTime(other);
				long time = WallClock.this.clock.nanoTime(one);
				long after = WallClock.this.clock.nanoTime(other);
				if (after - before < least) {
					least = after - before;
					difference = time - after;
				}
			}
			return difference;
		}

		@Override
		public FileDescriptor fd() {
			return this.timerFd;
		}

		@Override
		public Trigger trigger() {
			return Trigger.LEVEL;
		}

		@Override
		public void ready(int readiness) {
			happened();
		}

		@Override
		public String toString() {
			return "wall clock";
		}

	}

	private final class Shown implements NanoClock {

		@Override
		public long nanoTime() {
			return WallClock.this.clock.nanoTime(ClockId.BOOTTIME) + WallClock.this.setNanos;
		}

		@Override
		public long nanoTime(ClockId clockId) {
			return nanoTime();
		}

	}

}

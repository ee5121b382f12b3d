package dev.mainloop.fd;

import dev.mainloop.libc.Errno;
import dev.mainloop.libc.ErrnoException;
import dev.mainloop.libc.LibC;
import dev.mainloop.libc.NativeMemory;
import dev.mainloop.libc.TimerSpec;

/**
 * A timerfd: readable once its timer has expired, see {@code timerfd_create(2)}. All
 * methods may be called by any thread.
 */
public final class TimerFd extends FileDescriptor {

	private final TimerSpec spec = new TimerSpec();

	private final NativeMemory expirations = new NativeMemory(Long.BYTES);

	private TimerFd(int number, ClockId clock) {
		super(number, "timerfd " + clock);
	}

	/**
	 * Opens a timerfd that is not armed.
	 * @param clock the clock that it follows
	 * @return the timerfd, to be closed by the caller
	 * @throws ErrnoException if {@code timerfd_create(2)} fails
	 */
	public static TimerFd open(ClockId clock) {
		int result = LibC.timerFdCreate(clock.number());
		if (result < 0) {
			throw new ErrnoException(result, "timerfd_create", clock);
		}
		return new TimerFd(result, clock);
	}

	/**
	 * Arms the timer relative to now, in place of what it was armed for.
	 * @param delayNanos the time to the first expiration in nanoseconds; 0 or less
	 * expires at once
	 * @param intervalNanos the period of further expirations in nanoseconds, 0 for none
	 */
	public void armAfter(long delayNanos, long intervalNanos) {
		set(0, Math.max(1, delayNanos), intervalNanos);
	}

	/**
	 * Arms the timer for a time of its clock, in place of what it was armed for.
	 * @param timeNanos the time of the first expiration in nanoseconds of the clock; one
	 * in the past expires at once
	 * @param intervalNanos the period of further expirations in nanoseconds, 0 for none
	 */
	public void armAt(long timeNanos, long intervalNanos) {
		set(LibC.TFD_TIMER_ABSTIME, Math.max(1, timeNanos), intervalNanos);
	}

	/**
	 * Disarms the timer and forgets expirations that were not read.
	 */
	public void disarm() {
		set(0, 0, 0);
	}

	private void set(int flags, long valueNanos, long intervalNanos) {
		if (intervalNanos < 0) {
			throw new IllegalArgumentException("'intervalNanos' must not be negative but is " + intervalNanos);
		}
		int fd = acquire();
		try {
			synchronized (this.spec) {
				this.spec.set(valueNanos, intervalNanos);
				int result = LibC.timerFdSetTime(fd, flags, this.spec.address());
				if (result < 0) {
					throw new ErrnoException(result, "timerfd_settime", this, flags, valueNanos, intervalNanos);
				}
			}
		}
		finally {
			release();
		}
	}

	/**
	 * Takes the number of expirations since the timer was armed or this was last asked.
	 * @return the number, 0 if it has not expired
	 * @throws ErrnoException if the call fails
	 */
	public long takeExpirations() {
		int fd = acquire();
		try {
			synchronized (this.expirations) {
				int result = LibC.read(fd, this.expirations.address(), this.expirations.size());
				if (Errno.EAGAIN.is(result)) {
					return 0;
				}
				if (result < 0) {
					throw new ErrnoException(result, "read", this);
				}
				return this.expirations.getLong(0);
			}
		}
		finally {
			release();
		}
	}

}

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
public class TimerFd extends FileDescriptor {

	/** Stands for a number of expirations when the clock was set instead. */
	public static final long CLOCK_WAS_SET = -1;

	private final TimerSpec spec;

	private final NativeMemory expirations;

	private TimerFd(ClockId clock, TimerSpec spec, NativeMemory expirations) {
		super("timerfd " + clock, () -> create(clock));
		this.spec = spec;
		this.expirations = expirations;
	}

	/**
	 * Creates a timerfd that the kernel does not know, see
	 * {@link FileDescriptor#FileDescriptor(String)}.
	 * @param description what log lines call it
	 */
	protected TimerFd(String description) {
		super(description);
		this.spec = TimerSpec.NONE;
		this.expirations = new NativeMemory(0);
	}

	/**
	 * Opens a timerfd that is not armed.
	 * @param clock the clock that it follows
	 * @return the timerfd, to be closed by the caller
	 * @throws IllegalStateException if the process lacks the capability that an alarm
	 * clock needs
	 * @throws ErrnoException if {@code timerfd_create(2)} fails otherwise
	 */
	public static TimerFd open(ClockId clock) {
		return new TimerFd(clock, new TimerSpec(), new NativeMemory(Long.BYTES));
	}

	private static int create(ClockId clock) {
		int result = LibC.timerFdCreate(clock.number());
		if (result < 0) {
			ErrnoException ex = new ErrnoException(result, "timerfd_create", clock);
			throw (clock.isAlarm() && ex.is(Errno.EPERM)) ? withoutCapability(clock, ex) : ex;
		}
		return result;
	}

	private static IllegalStateException withoutCapability(ClockId clock, ErrnoException ex) {
		return new IllegalStateException(("The clock %s wakes a suspended machine, for which the process lacks the "
				+ "capability CAP_WAKE_ALARM: give it with 'AmbientCapabilities=CAP_WAKE_ALARM' in a systemd unit "
				+ "or '--cap-add WAKE_ALARM' for a container, or use %s")
			.formatted(clock, clock.isRealTime() ? ClockId.REALTIME : ClockId.BOOTTIME), ex);
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
	 * Arms the timer for a time of a real-time clock, in place of what it was armed for,
	 * and makes it readable also when that clock is set, see
	 * {@code TFD_TIMER_CANCEL_ON_SET}. {@link #takeExpirations()} then answers
	 * {@link #CLOCK_WAS_SET}, and the timer has to be armed anew.
	 * @param timeNanos the time of the expiration in nanoseconds since 1970
	 */
	public void armAtUnlessClockIsSet(long timeNanos) {
		set(LibC.TFD_TIMER_ABSTIME | LibC.TFD_TIMER_CANCEL_ON_SET, Math.max(1, timeNanos), 0);
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
				if (result < 0 && !Errno.ECANCELED.is(result)) {
					throw new ErrnoException(result, "timerfd_settime", this, flags, valueNanos, intervalNanos);
				}
			}
		}
		finally {
			release();
		}
	}

	/**
	 * Returns the time to the next expiration, see {@code timerfd_gettime(2)}.
	 * @return the time in nanoseconds, 0 if the timer is disarmed or a one-shot one has
	 * expired
	 */
	public long remainingNanos() {
		int fd = acquire();
		try {
			synchronized (this.spec) {
				int result = LibC.timerFdGetTime(fd, this.spec.address());
				if (result < 0) {
					throw new ErrnoException(result, "timerfd_gettime", this);
				}
				return this.spec.valueNanos();
			}
		}
		finally {
			release();
		}
	}

	/**
	 * Takes the number of expirations since the timer was armed or this was last asked.
	 * @return the number, 0 if it has not expired, {@link #CLOCK_WAS_SET} if its clock
	 * was set while it was armed to notice that
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
				if (Errno.ECANCELED.is(result)) {
					return CLOCK_WAS_SET;
				}
				if (result < 0) {
					throw new ErrnoException(result, "read", this);
				}
				transferred();
				return this.expirations.getLong(0);
			}
		}
		finally {
			release();
		}
	}

}

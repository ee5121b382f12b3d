package dev.mainloop.fd;

/**
 * The clocks that a {@link TimerFd} can follow, see {@code timerfd_create(2)}.
 */
public enum ClockId {

	/** Wall-clock time, which an administrator or NTP may set. */
	REALTIME(0, false),

	/** Time since some point in the past; stands still while the machine is suspended. */
	MONOTONIC(1, false),

	/** As {@link #MONOTONIC}, and goes on while the machine is suspended. */
	BOOTTIME(7, false),

	/**
	 * As {@link #REALTIME}, and wakes a suspended machine that has a clock device for
	 * that. Needs the capability {@code CAP_WAKE_ALARM}.
	 */
	REALTIME_ALARM(8, true),

	/**
	 * As {@link #BOOTTIME}, and wakes a suspended machine that has a clock device for
	 * that. Needs the capability {@code CAP_WAKE_ALARM}.
	 */
	BOOTTIME_ALARM(9, true);

	private final int number;

	private final boolean alarm;

	ClockId(int number, boolean alarm) {
		this.number = number;
		this.alarm = alarm;
	}

	/**
	 * Returns the number of the clock, see {@code clock_gettime(2)}.
	 * @return the {@code CLOCK_…} number
	 */
	public int number() {
		return this.number;
	}

	/**
	 * Returns the number of the clock to read for its time: an alarm clock tells what its
	 * plain counterpart tells, and itself can be read only where the machine has a device
	 * that wakes it.
	 * @return a {@code CLOCK_…} number
	 */
	public int readableNumber() {
		return switch (this) {
			case REALTIME_ALARM -> REALTIME.number;
			case BOOTTIME_ALARM -> BOOTTIME.number;
			default -> this.number;
		};
	}

	/**
	 * Tells whether timers of the clock wake a suspended machine.
	 * @return {@code true} for the alarm clocks
	 */
	public boolean isAlarm() {
		return this.alarm;
	}

	/**
	 * Tells whether the clock counts from 1970 and may be set.
	 * @return {@code true} for the real-time clocks
	 */
	public boolean isRealTime() {
		return this == REALTIME || this == REALTIME_ALARM;
	}

}

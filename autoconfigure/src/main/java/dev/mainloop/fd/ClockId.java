package dev.mainloop.fd;

/**
 * The clocks that a {@link TimerFd} can follow, see {@code timerfd_create(2)}.
 */
public enum ClockId {

	/** Wall-clock time, which an administrator or NTP may set. */
	REALTIME(0),

	/** Time since some point in the past; stands still while the machine is suspended. */
	MONOTONIC(1),

	/** As {@link #MONOTONIC}, and goes on while the machine is suspended. */
	BOOTTIME(7);

	private final int number;

	ClockId(int number) {
		this.number = number;
	}

	int number() {
		return this.number;
	}

}

package dev.mainloop.kernel;

import dev.mainloop.fd.ClockId;
import org.assertj.core.api.Assumptions;

/**
 * What root may do and other users may not, see {@code capabilities(7)}.
 */
public enum Capability {

	/** To give files to others. */
	CHOWN(0),

	/** To pass limits. */
	SYS_RESOURCE(24),

	/** To set the clock. */
	SYS_TIME(25),

	/** To wake a suspended machine. */
	WAKE_ALARM(35);

	private final int number;

	Capability(int number) {
		this.number = number;
	}

	/**
	 * Tells whether this process has it, and not only within a user namespace, as root in
	 * a container without privileges has.
	 * @return {@code true} if it has
	 */
	public boolean isHeld() {
		return (ProcessFiles.capabilities() & 1L << this.number) != 0 && ProcessFiles.isInFirstUserNamespace();
	}

	/**
	 * Skips the test where this process does not have it.
	 */
	public void assume() {
		Assumptions.assumeThat(isHeld()).as("the process has CAP_" + name()).isTrue();
	}

	/**
	 * Skips the test where this process may not use a clock.
	 * @param clock the clock
	 */
	public static void assumeUsable(ClockId clock) {
		if (clock.isAlarm()) {
			WAKE_ALARM.assume();
		}
	}

}

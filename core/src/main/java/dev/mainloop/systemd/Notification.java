package dev.mainloop.systemd;

import java.time.Duration;
import java.util.concurrent.TimeUnit;

import dev.mainloop.fd.ClockId;
import dev.mainloop.libc.Clocks;

/**
 * What a service tells systemd at once: some of the assignments that {@code sd_notify(3)}
 * lists. It does not change.
 */
public final class Notification {

	/** The service is alive, to be told again and again. */
	public static final Notification WATCHDOG = new Notification("WATCHDOG=1");

	/** The service has started, or has loaded its configuration anew. */
	public static final Notification READY = new Notification("READY=1");

	/** The service is about to end. */
	public static final Notification STOPPING = new Notification("STOPPING=1");

	private final String text;

	private Notification(String text) {
		this.text = text;
	}

	/**
	 * Tells that the service loads its configuration anew, until {@link #READY}.
	 * @return the notification, which has the time of now
	 */
	public static Notification reloading() {
		long micros = TimeUnit.NANOSECONDS.toMicros(Clocks.nanoTime(ClockId.MONOTONIC.number()));
		return new Notification("RELOADING=1\nMONOTONIC_USEC=" + micros);
	}

	/**
	 * Tells in a line what the service does, which {@code systemctl status} shows.
	 * @param text the line; what would end it is replaced by spaces
	 * @return the notification
	 */
	public static Notification status(String text) {
		return new Notification("STATUS=" + text.replaceAll("[\\r\\n\\x00]", " "));
	}

	/**
	 * Asks for more time to start or to stop, beyond what the unit allows.
	 * @param time how long from now; a time that is shorter than what is left of the
	 * unit's changes nothing
	 * @return the notification
	 */
	public static Notification extendTimeout(Duration time) {
		return new Notification("EXTEND_TIMEOUT_USEC=" + TimeUnit.MICROSECONDS.convert(time));
	}

	/**
	 * Tells which process is the service, where a script has started it.
	 * @param pid its number
	 * @return the notification
	 */
	public static Notification mainPid(long pid) {
		return new Notification("MAINPID=" + pid);
	}

	/**
	 * Adds what another one tells.
	 * @param other the other one
	 * @return a notification of both
	 */
	public Notification and(Notification other) {
		return new Notification(this.text + "\n" + other.text);
	}

	/**
	 * Returns what is sent.
	 * @return assignments, each on a line of its own
	 */
	@Override
	public String toString() {
		return this.text;
	}

}

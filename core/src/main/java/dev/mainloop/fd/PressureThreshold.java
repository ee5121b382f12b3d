package dev.mainloop.fd;

import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.TimeUnit;

/**
 * How long tasks have to wait for a resource, in a window of time, before a
 * {@link PressureTrigger} tells.
 *
 * @param resource the resource
 * @param scope whose tasks
 * @param all whether it is told of the time in which all tasks that could run had to
 * wait, and not of that in which some had
 * @param stall how long they have to wait, more than zero and at most the window
 * @param window the time in which they do, from 500 ms to 10 s; a process without
 * {@code CAP_SYS_RESOURCE} may have a multiple of 2 s alone
 */
public record PressureThreshold(PressureResource resource, PressureScope scope, boolean all, Duration stall,
		Duration window) {

	private static final Duration SHORTEST_WINDOW = Duration.ofMillis(500);

	private static final Duration LONGEST_WINDOW = Duration.ofSeconds(10);

	/**
	 * Checks the times.
	 * @throws IllegalArgumentException if the kernel would take them from nobody
	 */
	public PressureThreshold {
		if (window.compareTo(SHORTEST_WINDOW) < 0 || window.compareTo(LONGEST_WINDOW) > 0) {
			throw new IllegalArgumentException("'window' must be from 500ms to 10s");
		}
		if (stall.toNanos() < TimeUnit.MICROSECONDS.toNanos(1) || stall.compareTo(window) > 0) {
			throw new IllegalArgumentException("'stall' must be from 1us to the 'window'");
		}
	}

	/** Returns the file whose pressure it is about. */
	Path file() {
		return (this.scope == PressureScope.SYSTEM) ? Path.of("/proc/pressure", this.resource.fileName())
				: Cgroup.ofThisProcess().resolve(this.resource.fileName() + ".pressure");
	}

	/** Returns it as the kernel takes it. */
	String text() {
		return "%s %d %d".formatted(this.all ? "full" : "some", TimeUnit.MICROSECONDS.convert(this.stall),
				TimeUnit.MICROSECONDS.convert(this.window));
	}

}

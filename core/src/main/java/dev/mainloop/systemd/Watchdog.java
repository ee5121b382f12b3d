package dev.mainloop.systemd;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLongArray;
import java.util.function.Supplier;

import dev.mainloop.MainLoop;
import dev.mainloop.Timer;
import dev.mainloop.libc.ErrnoException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells the service manager that this process is alive, for as long as all its loops are:
 * by a timer of the first loop at half the interval of the service manager. A loop that
 * has failed or is blocked by a handler gets to no timer, so that the service manager
 * ends the process, and starts it again if its unit says so.
 */
public final class Watchdog implements AutoCloseable {

	private static final Logger logger = LoggerFactory.getLogger(Watchdog.class);

	private static final String DESCRIPTION = "systemd watchdog";

	private static final Duration SHORTEST = Duration.ofMillis(1);

	private static final Duration END = Duration.ofMillis(100);

	private final ServiceManager manager;

	private final List<MainLoop> loops;

	private final Supplier<@Nullable String> complaint;

	private final Duration again;

	/**
	 * How often the timer of each loop has expired, written by that loop alone. What the
	 * first loop reads late counts at its next look.
	 */
	private final AtomicLongArray beats;

	/** How often each had when the first loop looked; owned by that. */
	private final long[] seen;

	/** Why nothing was told at the last look; owned by the first loop. */
	private @Nullable String withheld;

	private final List<Timer> timers = new ArrayList<>();

	private volatile boolean closed;

	private Watchdog(ServiceManager manager, Duration interval, List<MainLoop> loops,
			Supplier<@Nullable String> complaint) {
		this.manager = manager;
		this.loops = List.copyOf(loops);
		this.complaint = complaint;
		this.again = part(interval, 10);
		this.beats = new AtomicLongArray(this.loops.size());
		this.seen = new long[this.loops.size()];
	}

	/**
	 * Starts to tell it.
	 * @param manager the service manager
	 * @param interval the longest time between two signs of life
	 * @param loops the loops, one at least
	 * @param complaint answers why the process is not to be taken for alive, {@code null}
	 * if it is; called by the first loop
	 * @return the watchdog, to be closed by the caller
	 */
	public static Watchdog start(ServiceManager manager, Duration interval, List<MainLoop> loops,
			Supplier<@Nullable String> complaint) {
		Watchdog watchdog = new Watchdog(manager, interval, loops, complaint);
		boolean started = false;
		try {
			watchdog.start(part(interval, 2), part(interval, 4));
			started = true;
			return watchdog;
		}
		finally {
			if (!started) {
				watchdog.close();
			}
		}
	}

	private static Duration part(Duration interval, int divisor) {
		Duration part = interval.dividedBy(divisor);
		return (part.compareTo(SHORTEST) > 0) ? part : SHORTEST;
	}

	/** The others expire twice as often, so that each does between two looks. */
	private void start(Duration looks, Duration beats) {
		for (int i = 1; i < this.loops.size(); i++) {
			int index = i;
			this.timers.add(this.loops.get(i)
				.every(DESCRIPTION, Duration.ZERO, beats, (timer) -> this.beats.incrementAndGet(index)));
		}
		this.timers.add(this.loops.get(0).every(DESCRIPTION, looks, looks, (timer) -> look()));
	}

	private void look() {
		String reason = reason();
		if (reason != null && !reason.equals(this.withheld)) {
			logger.error("The service manager is told no sign of life, as {}", reason);
		}
		else if (reason == null && this.withheld != null) {
			logger.info("The service manager is told signs of life again");
		}
		this.withheld = reason;
		if (reason == null && !told()) {
			this.loops.get(0).after(DESCRIPTION, this.again, (timer) -> told());
		}
	}

	private @Nullable String reason() {
		String reason = null;
		for (int i = 1; i < this.seen.length; i++) {
			long beat = this.beats.get(i);
			if (beat == this.seen[i]) {
				reason = "the loop '%s' does not get to its timers".formatted(this.loops.get(i).name());
			}
			this.seen[i] = beat;
		}
		return (reason != null) ? reason : this.complaint.get();
	}

	private boolean told() {
		try {
			return this.closed || this.manager.tell(Notification.WATCHDOG, Duration.ZERO);
		}
		catch (ErrnoException ex) {
			logger.warn("The service manager could not be told a sign of life", ex);
			return false;
		}
	}

	/**
	 * Tells no more signs of life. One that is told at the moment is waited for, 100 ms
	 * for each loop at most, unless a handler of it is the caller.
	 */
	@Override
	public void close() {
		this.closed = true;
		this.timers.forEach((timer) -> timer.close(END));
		this.timers.clear();
	}

}

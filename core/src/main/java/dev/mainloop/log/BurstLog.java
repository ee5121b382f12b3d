package dev.mainloop.log;

import java.time.Duration;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.function.BiConsumer;
import java.util.function.LongSupplier;

import org.jspecify.annotations.Nullable;

/**
 * Keeps what happens again and again from filling a log: of each kind of lines the first
 * is logged in full, and those that follow within {@link #WINDOW} are counted and summed
 * up in one line at the end of that time. Nothing is left out silently: what is counted
 * is told also if no line follows, and by {@link #close()}.
 * <p>
 * It remembers {@link #MAX_KINDS} kinds at a time and takes all further ones for one
 * kind. A line that cannot be logged is counted, and the next of its kind is logged in
 * full; a sum that cannot be logged is kept for the next time. May be used by several
 * threads. With its lock held it calls nobody but {@code equals} and {@code hashCode} of
 * kinds.
 */
public final class BurstLog implements AutoCloseable {

	/** How long lines are only counted after one was logged. */
	public static final Duration WINDOW = Duration.ofSeconds(10);

	/** How many kinds of lines are remembered at a time. */
	public static final int MAX_KINDS = 64;

	private final LongSupplier nanoTime;

	private final BiConsumer<Duration, Runnable> alarm;

	private final Kind others;

	/** Guarded by itself, as are the fields of each burst. */
	private final Map<Kind, Burst> bursts = new LinkedHashMap<>(2 * MAX_KINDS);

	/** Whether the alarm is set. */
	private volatile boolean alarmed;

	private volatile boolean closed;

	/**
	 * Creates a log.
	 * @param nanoTime the clock, in nanoseconds
	 * @param alarm has a task run once after a time, by any thread, such as
	 * {@code (delay, task) -> loop.after("log", delay, (timer) -> task.run())}; who has
	 * none calls {@link #sumUp()} now and then
	 * @param others sums up the kinds that are too many
	 */
	public BurstLog(LongSupplier nanoTime, BiConsumer<Duration, Runnable> alarm, Kind others) {
		this.nanoTime = Objects.requireNonNull(nanoTime, "'nanoTime' must not be null");
		this.alarm = Objects.requireNonNull(alarm, "'alarm' must not be null");
		this.others = Objects.requireNonNull(others, "'others' must not be null");
	}

	/**
	 * Logs a line, or counts it if it is one of a burst.
	 * @param kind the kind of the line
	 * @param line logs it in full
	 */
	public void log(Kind kind, Runnable line) {
		sumUp(false);
		Burst begun = beginOrCount(kind);
		if (begun != null) {
			tell(begun, 1, line);
		}
		if (this.closed) {
			sumUp(true);
		}
		else {
			setAlarm();
		}
	}

	/** Logs the sums of those bursts that are over. */
	public void sumUp() {
		sumUp(false);
		setAlarm();
	}

	/** Logs all sums. */
	public void sumUpAll() {
		this.alarmed = false;
		sumUp(true);
	}

	/** Logs all sums, and each line in full from now on. */
	@Override
	public void close() {
		this.closed = true;
		sumUp(true);
	}

	/** Begins a burst, or returns {@code null} for a line that belongs to one. */
	private @Nullable Burst beginOrCount(Kind kind) {
		long now = this.nanoTime.getAsLong();
		synchronized (this.bursts) {
			Burst burst = this.bursts.get(kind);
			if (burst == null) {
				Kind known = (this.bursts.size() < MAX_KINDS) ? kind : this.others;
				burst = this.bursts.computeIfAbsent(known, Burst::new);
			}
			if (burst.begun || burst.telling) {
				burst.lines++;
				return null;
			}
			burst.end = now + WINDOW.toNanos();
			burst.begun = true;
			burst.telling = true;
			return burst;
		}
	}

	private void sumUp(boolean all) {
		for (int i = 0; i <= MAX_KINDS; i++) {
			Burst ended = end(all);
			if (ended == null) {
				return;
			}
			long lines = ended.told;
			if (!tell(ended, lines, () -> ended.kind.sumUp(lines))) {
				return;
			}
		}
	}

	/** Ends a burst that is to be summed up, and forgets those that have nothing. */
	private @Nullable Burst end(boolean all) {
		long now = this.nanoTime.getAsLong();
		synchronized (this.bursts) {
			for (Iterator<Burst> each = this.bursts.values().iterator(); each.hasNext();) {
				Burst burst = each.next();
				if (burst.telling || !all && burst.end - now > 0) {
					continue;
				}
				if (burst.lines > 0) {
					burst.told = burst.lines;
					burst.lines = 0;
					burst.begun = false;
					burst.telling = true;
					return burst;
				}
				each.remove();
			}
			return null;
		}
	}

	/**
	 * Logs a line of a burst that is marked as being told, which no other thread tells
	 * meanwhile. What undoes that calls nothing, as the stack may be used up.
	 */
	private boolean tell(Burst burst, long lines, Runnable line) {
		long nextEnd = this.nanoTime.getAsLong() + WINDOW.toNanos();
		boolean told = false;
		try {
			line.run();
			told = true;
		}
		catch (Throwable ex) {
			// It is counted.
		}
		finally {
			synchronized (this.bursts) {
				if (!told) {
					burst.lines += lines;
					burst.begun = false;
					burst.end = nextEnd;
				}
				burst.telling = false;
			}
		}
		return told;
	}

	/** Sets the alarm for the first burst that has something to sum up. */
	private void setAlarm() {
		if (this.alarmed) {
			return;
		}
		boolean set = false;
		try {
			Duration delay = untilSum();
			if (delay != null) {
				this.alarmed = true;
				this.alarm.accept(delay, this::alarmed);
				set = true;
			}
		}
		catch (Throwable ex) {
			// The next line sums up, or close().
		}
		finally {
			if (!set) {
				this.alarmed = false;
			}
		}
	}

	private void alarmed() {
		this.alarmed = false;
		sumUp();
	}

	private @Nullable Duration untilSum() {
		long now = this.nanoTime.getAsLong();
		long shortest = Long.MAX_VALUE;
		synchronized (this.bursts) {
			for (Burst burst : this.bursts.values()) {
				if (burst.lines > 0 && !burst.telling) {
					shortest = Math.min(shortest, Math.max(burst.end - now, 0));
				}
			}
		}
		return (shortest != Long.MAX_VALUE) ? Duration.ofNanos(shortest) : null;
	}

	/**
	 * What makes two lines the same, by {@link Object#equals}.
	 */
	@FunctionalInterface
	public interface Kind {

		/**
		 * Logs in one line what was left out. May be called by any thread that uses the
		 * log, or by its alarm.
		 * @param lines how many lines were left out, 1 or more
		 */
		void sumUp(long lines);

	}

	/** Lines of a kind since one was logged. */
	private static final class Burst {

		private final Kind kind;

		private long end;

		/** How many were left out. */
		private long lines;

		/** How many of these are being told. */
		private long told;

		/** Whether one was logged in full. */
		private boolean begun;

		/** Whether a thread logs one in full, or the sum. */
		private boolean telling;

		Burst(Kind kind) {
			this.kind = kind;
		}

	}

}

package dev.mainloop;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;

import dev.mainloop.CacheLine.Cursor;
import org.jspecify.annotations.Nullable;

/**
 * What the handler of an event source has done. The thread of the loop counts, and any
 * thread may read: each number is whole, and two of them may be of different moments.
 * <p>
 * All events and errors are counted. Times are measured of every event, but where events
 * come in batches and are handled within two microseconds: of these, the first of each
 * batch is measured. Of file descriptors that are ready at the same time, the end of one
 * handler is taken for the begin of the next, so that a duration has the few nanoseconds
 * of the loop's own work between the two.
 */
public final class SourceStatistics {

	/** A handler that takes as long is worth to be measured each time. */
	private static final long WORTH_NANOS = 2000;

	private static final VarHandle ASKED = Fields.handle(MethodHandles.lookup(), "asked", long.class);

	private static final VarHandle ERRORS = Fields.handle(MethodHandles.lookup(), "errors", long.class);

	private final DurationStatistics time = new DurationStatistics();

	private final DurationStatistics lag = new DurationStatistics();

	/** Whether every event is measured. */
	private final boolean each;

	/** Whether the next event is to be measured. */
	private boolean wanted = true;

	private final Cursor events = new Cursor();

	private long errors;

	/** The number of an event that is to be told when it was handled. */
	private long asked;

	private volatile @Nullable Answer answer;

	private SourceStatistics(boolean each) {
		this.each = each;
	}

	/** Makes those of a source whose events come one by one. */
	static SourceStatistics ofSingle() {
		return new SourceStatistics(true);
	}

	/** Makes those of a source whose events come in batches. */
	static SourceStatistics ofBatches() {
		return new SourceStatistics(false);
	}

	/** Has the next event measured, on the loop's thread. */
	void beginBatch() {
		this.wanted = true;
	}

	/** Whether the next event is to be measured, on the loop's thread. */
	boolean isWanted() {
		return this.wanted;
	}

	/** Counts an event, on the loop's thread. */
	void count() {
		Cursor.VALUE.setRelease(this.events, counted() + 1);
	}

	/**
	 * Returns the number of the event that is handled, or was handled last. May be asked
	 * by any thread.
	 */
	long number() {
		return this.events.value;
	}

	/**
	 * Has an event told, once its handler has returned. To be asked by one thread.
	 * @param number the number of the event, which has no answer if it was handled before
	 */
	void ask(long number) {
		this.answer = null;
		ASKED.setRelease(this, number);
	}

	/** Whether the event is asked about that was handled, on the loop's thread. */
	boolean isAsked() {
		return (long) ASKED.getOpaque(this) == counted();
	}

	/** Tells what a log line calls the event that was handled, on the loop's thread. */
	void answer(@Nullable String text) {
		this.answer = new Answer(counted(), text);
	}

	/**
	 * Returns the answer.
	 * @param number the number of the event that was asked about
	 * @return what a log line calls it, or {@code null} if that is not known
	 */
	@Nullable String answer(long number) {
		Answer known = this.answer;
		return (known != null && known.number == number) ? known.text : null;
	}

	private long counted() {
		return (long) Cursor.VALUE.get(this.events);
	}

	/** Counts an error of the handler, on the loop's thread. */
	void countError() {
		ERRORS.setOpaque(this, this.errors + 1);
	}

	/**
	 * Notes how long the handler has taken, on the loop's thread.
	 * @param nanos the time, in nanoseconds
	 * @param now the time, by the clock of the loop
	 */
	void handled(long nanos, long now) {
		this.time.add(nanos, now);
		this.wanted = this.each || nanos >= WORTH_NANOS;
	}

	/**
	 * Notes how long an event has waited, on the loop's thread.
	 * @param nanos the time, in nanoseconds
	 * @param now the time, by the clock of the loop
	 */
	void lagged(long nanos, long now) {
		this.lag.add(nanos, now);
	}

	/**
	 * Returns how many events its handler was called with.
	 * @return the number
	 */
	public long events() {
		return number();
	}

	/**
	 * Returns how many times its handler has failed.
	 * @return the number
	 */
	public long errors() {
		return (long) ERRORS.getOpaque(this);
	}

	/**
	 * Returns how long its handler takes.
	 * @return the times that were measured
	 */
	public DurationStatistics time() {
		return this.time;
	}

	/**
	 * Returns how long its events wait for their handler: a message since it was sent, an
	 * expiration of a timer since it was due, and the readiness of a file descriptor or a
	 * signal since the loop has learnt of it. Of a queue, one message at a time is
	 * followed.
	 * @return the times that were measured
	 */
	public DurationStatistics lag() {
		return this.lag;
	}

	/**
	 * An event that was handled, as was asked.
	 *
	 * @param number its number
	 * @param text what a log line calls it, or {@code null} if that is not known
	 */
	private record Answer(long number, @Nullable String text) {

	}

}

package dev.mainloop;

import java.time.Duration;
import java.time.Instant;

import dev.mainloop.fd.ClockId;

/**
 * A timer, one-shot or periodic. The n-th expiration of a periodic one is due at its
 * start plus n periods, however late the loop came to those before, so that it does not
 * drift. A one-shot timer closes after its handler has run, unless that has scheduled it
 * anew.
 * <p>
 * While it is paused its expirations are neither handled nor counted: a periodic timer
 * goes on with the next one that is due, a one-shot one that is overdue expires at once.
 * <p>
 * All methods may be called by any thread, also by its own handler.
 */
public final class Timer extends EventSource {

	static final int NOT_SCHEDULED = -1;

	private final Timers timers;

	private final TimerHandler handler;

	private final long slackNanos;

	private volatile long periodNanos;

	/** When it is to expire next, of which the slack makes the time that it is due. */
	private long deadline;

	/** When it is due next; read by {@link Timers}. */
	long due;

	/** Orders timers that are due at the same time; owned by {@link Timers}. */
	long sequence;

	/** The place in the heap; owned by {@link Timers}. */
	int index = NOT_SCHEDULED;

	private long expirations;

	private long expiredDeadline;

	private long lateness;

	private boolean rescheduled;

	Timer(MainLoop loop, Timers timers, String description, long deadline, long periodNanos, long slackNanos,
			TimerHandler handler) {
		super(loop, description);
		this.timers = timers;
		this.periodNanos = periodNanos;
		this.slackNanos = slackNanos;
		this.handler = handler;
		deadline(deadline);
	}

	private void deadline(long deadline) {
		this.deadline = deadline;
		this.due = (this.slackNanos > 0) ? deadline + Math.floorMod(-deadline, this.slackNanos) : deadline;
	}

	/**
	 * Describes the expiration that is being handled. To be called by the timer's
	 * handler.
	 * @return a new object
	 */
	public TimerTick tick() {
		return new TimerTick(this.expirations, this.expiredDeadline, this.lateness);
	}

	/**
	 * Returns the clock that it follows.
	 * @return the clock
	 */
	public ClockId clock() {
		return this.timers.clockId();
	}

	/**
	 * Moves the next expiration. Those of a periodic timer follow from there.
	 * @param delay the time from now, zero or less for as soon as the loop comes to it
	 * @throws IllegalStateException if it is closed
	 */
	public void rescheduleAfter(Duration delay) {
		reschedule(this.timers.now() + Nanos.of(delay));
	}

	/**
	 * Moves the next expiration of a timer on a real-time clock. Those of a periodic
	 * timer follow from there.
	 * @param time the time, one in the past for as soon as the loop comes to it
	 * @throws IllegalStateException if it is closed or follows another clock
	 */
	public void rescheduleAt(Instant time) {
		reschedule(Nanos.of(time, clock()));
	}

	private void reschedule(long time) {
		requireOpen();
		loop().onLoop(() -> {
			remove();
			deadline(time);
			this.rescheduled = true;
			schedule();
		});
	}

	/**
	 * Changes the period of a periodic timer, from the next expiration on.
	 * @param period the time from one expiration to the next, more than zero
	 * @throws IllegalStateException if it is closed or a one-shot timer
	 */
	public void period(Duration period) {
		long nanos = Nanos.ofPeriod(period);
		requireOpen();
		if (!isPeriodic()) {
			throw new IllegalStateException(
					"The timer '%s' expires once and has no period: reschedule it, or make one with 'every'"
						.formatted(this));
		}
		this.periodNanos = nanos;
	}

	private void requireOpen() {
		if (state() == State.CLOSED) {
			throw new IllegalStateException("The timer '%s' is closed".formatted(this));
		}
	}

	boolean isPeriodic() {
		return this.periodNanos != 0;
	}

	/**
	 * Takes the expirations up to now and moves the deadline of a periodic timer beyond
	 * it.
	 */
	void expire(long now) {
		long period = this.periodNanos;
		this.rescheduled = false;
		this.expiredDeadline = this.deadline;
		this.lateness = now - this.deadline;
		this.expirations = 1;
		if (period != 0) {
			this.expirations += this.lateness / period;
			deadline(this.deadline + this.expirations * period);
		}
	}

	void dispatch() {
		try {
			handle();
			succeeded();
		}
		catch (Throwable ex) {
			loop().errors().happened(this, this, ex);
		}
	}

	private void handle() throws Exception {
		try {
			this.handler.expired(this);
		}
		finally {
			if (!isPeriodic() && !this.rescheduled) {
				close();
			}
		}
	}

	@Override
	Object event(Object event) {
		return tick();
	}

	@Override
	void paused() {
		loop().onLoop(this::unschedule);
	}

	@Override
	void resumed() {
		loop().onLoop(this::goOn);
	}

	@Override
	void closed() {
		loop().onLoop(this::unschedule);
	}

	/** Has the loop come to it, unless it was paused or closed since. */
	void schedule() {
		if (isEnabled() && this.index == NOT_SCHEDULED) {
			this.timers.add(this);
		}
	}

	private void goOn() {
		if (isEnabled()) {
			remove();
			long now = this.timers.now();
			if (isPeriodic() && this.deadline - now < 0) {
				expire(now);
			}
			schedule();
		}
	}

	/** Takes it off the loop, unless it was resumed since. */
	private void unschedule() {
		if (!isEnabled()) {
			remove();
		}
	}

	private void remove() {
		if (this.index != NOT_SCHEDULED) {
			this.timers.remove(this);
		}
	}

	/**
	 * Describes a timer; the last call makes it.
	 */
	public static final class Builder {

		private final MainLoop loop;

		private final String description;

		private ClockId clock = ClockId.MONOTONIC;

		private long slackNanos;

		Builder(MainLoop loop, String description) {
			this.loop = loop;
			this.description = description;
		}

		/**
		 * Sets the clock, {@link ClockId#MONOTONIC} by default.
		 * @param clock the clock
		 * @return this builder
		 */
		public Builder clock(ClockId clock) {
			this.clock = clock;
			return this;
		}

		/**
		 * Sets how much later than its deadlines the timer may expire, so that it wakes
		 * the machine together with others: it is due at multiples of this time.
		 * @param slack the time, zero by default
		 * @return this builder
		 */
		public Builder slack(Duration slack) {
			this.slackNanos = Nanos.of(slack);
			return this;
		}

		/**
		 * Makes a timer that expires once.
		 * @param delay the time until then; zero or less is as soon as the loop comes to
		 * it
		 * @param handler the handler
		 * @return the timer
		 */
		public Timer after(Duration delay, TimerHandler handler) {
			Timers timers = timers();
			return make(timers, timers.now() + Nanos.of(delay), 0, handler);
		}

		/**
		 * Makes a timer on a real-time clock that expires once.
		 * @param time when; a time in the past is as soon as the loop comes to it
		 * @param handler the handler
		 * @return the timer
		 * @throws IllegalStateException if another clock was set
		 */
		public Timer at(Instant time, TimerHandler handler) {
			return make(timers(), Nanos.of(time, this.clock), 0, handler);
		}

		/**
		 * Makes a timer that expires again and again.
		 * @param initialDelay the time until the first expiration
		 * @param period the time from one expiration to the next, more than zero
		 * @param handler the handler
		 * @return the timer
		 */
		public Timer every(Duration initialDelay, Duration period, TimerHandler handler) {
			long periodNanos = Nanos.ofPeriod(period);
			Timers timers = timers();
			return make(timers, timers.now() + Nanos.of(initialDelay), periodNanos, handler);
		}

		private Timers timers() {
			return this.loop.timers(this.clock);
		}

		private Timer make(Timers timers, long deadline, long periodNanos, TimerHandler handler) {
			Timer timer = new Timer(this.loop, timers, this.description, deadline, periodNanos, this.slackNanos,
					handler);
			this.loop.onLoop(timer::schedule);
			return timer;
		}

	}

}

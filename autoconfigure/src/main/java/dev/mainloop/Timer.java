package dev.mainloop;

/**
 * A timer, one-shot or periodic. The n-th expiration of a periodic one is due at its
 * start plus n periods, however late the loop came to those before, so that it does not
 * drift. A one-shot timer closes when it expires.
 * <p>
 * While it is paused its expirations are neither handled nor counted: a periodic timer
 * goes on with the next one that is due, a one-shot one that is overdue expires at once.
 */
public final class Timer extends EventSource {

	static final int NOT_SCHEDULED = -1;

	private final TimerHandler handler;

	private final long periodNanos;

	/** When it is due next; owned by {@link Timers} once it is scheduled. */
	long deadline;

	/** Orders timers that are due at the same time; owned by {@link Timers}. */
	long sequence;

	/** The place in the heap; owned by {@link Timers}. */
	int index = NOT_SCHEDULED;

	private long expirations;

	private long expiredDeadline;

	private long lateness;

	Timer(MainLoop loop, String description, long deadline, long periodNanos, TimerHandler handler) {
		super(loop, description);
		this.deadline = deadline;
		this.periodNanos = periodNanos;
		this.handler = handler;
	}

	/**
	 * Describes the expiration that is being handled. To be called by the timer's
	 * handler.
	 * @return a new object
	 */
	public TimerTick tick() {
		return new TimerTick(this.expirations, this.expiredDeadline, this.lateness);
	}

	boolean isPeriodic() {
		return this.periodNanos != 0;
	}

	/**
	 * Takes the expirations up to now and moves the deadline of a periodic timer beyond
	 * it.
	 */
	void expire(long now) {
		this.expiredDeadline = this.deadline;
		this.lateness = now - this.deadline;
		this.expirations = 1;
		if (isPeriodic()) {
			this.expirations += this.lateness / this.periodNanos;
			this.deadline += this.expirations * this.periodNanos;
		}
	}

	private void skipMissed(long now) {
		if (isPeriodic() && this.deadline - now < 0) {
			expire(now);
		}
	}

	void dispatch() {
		if (!isPeriodic()) {
			close();
		}
		try {
			this.handler.expired(this);
		}
		catch (Throwable ex) {
			loop().report(this, ex);
		}
	}

	@Override
	void paused() {
		loop().onLoop(this::unschedule);
	}

	@Override
	void resumed() {
		loop().onLoop(this::reschedule);
	}

	@Override
	void closed() {
		loop().onLoop(this::unschedule);
	}

	/** Has the loop come to it, unless it was paused or closed since. */
	void schedule() {
		if (isEnabled() && this.index == NOT_SCHEDULED) {
			loop().timers().add(this);
		}
	}

	private void reschedule() {
		if (isEnabled()) {
			remove();
			skipMissed(loop().clock().nanoTime());
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
			loop().timers().remove(this);
		}
	}

}

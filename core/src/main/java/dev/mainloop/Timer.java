package dev.mainloop;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.time.Duration;
import java.time.Instant;
import java.util.Objects;
import java.util.function.BiConsumer;
import java.util.function.Consumer;

import dev.mainloop.fd.ClockId;
import org.jspecify.annotations.Nullable;

/**
 * A timer, one-shot or periodic. The n-th expiration of a periodic one is due at its
 * start plus n periods, however late the loop came to those before, so that it does not
 * drift. A one-shot timer closes after its handler has run, unless it was scheduled anew
 * meanwhile.
 * <p>
 * While it is paused its expirations are neither handled nor counted: a periodic timer
 * goes on with the next one that is due, a one-shot one that is overdue expires at once.
 * While it is {@linkplain EventSource.State#HELD held} they are counted, and handled as
 * one once it is not.
 *
 * <h2>When a real-time clock is set</h2> A timer for an {@link Instant} follows the
 * clock, and expires when that shows the time. Delays and periods keep their length: what
 * is left of them is not changed, so that a periodic timer keeps its rhythm.
 *
 * <h2>Moving it</h2> All methods may be called by any thread, also by its own handler.
 * Once {@link #rescheduleAfter} or {@link #rescheduleAt} has returned, the timer does not
 * expire before the new time. Moving it to a later time, as is done with a time-out again
 * and again, costs one atomic write and does not wake the loop.
 */
public class Timer extends Deadline {

	/** The deadline of a one-shot timer that has expired. */
	private static final long EXPIRED = Long.MAX_VALUE;

	/** The deadline of a one-shot timer that is closed, as it has expired. */
	private static final long ENDED = Long.MIN_VALUE;

	private static final VarHandle DEADLINE = Fields.handle(MethodHandles.lookup(), "deadline", long.class);

	private final Timers timers;

	private final TimerHandler handler;

	/**
	 * When it is to expire next, of which the slack makes the time that it is due: what
	 * was asked for last. Any thread moves it, the loop when it takes an expiration.
	 */
	private volatile long deadline;

	/**
	 * Creates a timer that expires once, without slack, on a clock that is never set. Not
	 * volatile, as nobody else knows it yet.
	 */
	Timer(Timers timers, String description, long deadline, TimerHandler handler) {
		super(description);
		this.timers = timers;
		this.handler = Objects.requireNonNull(handler, "'handler' must not be null");
		DEADLINE.set(this, deadline);
	}

	/** Makes a timer that expires once, without slack, on a clock that is never set. */
	static Timer after(Timers timers, String description, Duration delay, TimerHandler handler) {
		Timer timer = new Timer(timers, description, timers.deadline("delay", delay), handler);
		timer.open();
		return timer;
	}

	/**
	 * Makes a timer that expires again and again, without slack, on a clock that is never
	 * set.
	 */
	static Timer every(Timers timers, String description, Duration initialDelay, Duration period,
			TimerHandler handler) {
		long periodNanos = Nanos.ofPeriod(period);
		Timer timer = new Custom(timers, description, timers.deadline("initialDelay", initialDelay), handler,
				periodNanos, 0, false, null);
		timer.open();
		return timer;
	}

	/** Has the loop come to it. */
	void open() {
		comeLast();
		loop().settle(this);
	}

	@Override
	final Loop loop() {
		return this.timers.loop();
	}

	/**
	 * Returns how long it is until it expires next.
	 * @return the time, negative if it is late, or {@code null} if it will not expire as
	 * it is
	 */
	public @Nullable Duration untilExpiration() {
		long asked = this.deadline;
		return (state() == State.ENABLED && isTime(asked)) ? Duration.ofNanos(asked - this.timers.now()) : null;
	}

	/**
	 * Returns the time from one expiration to the next.
	 * @return the period, or {@code null} if it expires once
	 */
	public @Nullable Duration period() {
		long nanos = periodNanos();
		return (nanos != 0) ? Duration.ofNanos(nanos) : null;
	}

	@Override
	public SourceStatistics statistics() {
		return this.timers.oneShotStatistics();
	}

	@Override
	final long lag(long now, long awake) {
		return this.timers.lateness();
	}

	final Timers timers() {
		return this.timers;
	}

	/**
	 * Has it come after those that are due at the same time, if a handler says so. What
	 * another thread says has its order by when the loop sees it.
	 */
	private boolean comeLast() {
		boolean onLoop = loop().isLoopThread();
		if (onLoop) {
			this.order = this.timers.deadlines().nextOrder();
		}
		return onLoop;
	}

	private static boolean isTime(long deadline) {
		return deadline != EXPIRED && deadline != ENDED;
	}

	/** Returns when it is due for a deadline. */
	long due(long time) {
		return time;
	}

	/** Returns its period, or 0 if it expires once. */
	long periodNanos() {
		return 0;
	}

	/** Sets the period of one that has one. */
	void periodNanos(long nanos) {
		throw new IllegalStateException(
				"The timer '%s' expires once and has no period: reschedule it, or make one with 'every'"
					.formatted(this));
	}

	/** Notes whether the deadline is a time of day. */
	void timeOfDay(boolean isTimeOfDay) {
	}

	/**
	 * Describes the expiration that is being handled. To be called by the timer's
	 * handler.
	 * @return a new object
	 */
	public TimerTick tick() {
		return this.timers.tick();
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
		reschedule(this.timers.deadline("delay", delay), false);
	}

	/**
	 * Moves the next expiration of a timer on a real-time clock. Those of a periodic
	 * timer follow from there.
	 * @param time the time, one in the past for as soon as the loop comes to it
	 * @throws IllegalStateException if it is closed or follows another clock
	 */
	public void rescheduleAt(Instant time) {
		reschedule(Nanos.of(time, clock()), true);
	}

	private void reschedule(long time, boolean isTimeOfDay) {
		requireOpen();
		timeOfDay(isTimeOfDay);
		long before = this.deadline;
		while (before != ENDED && !DEADLINE.compareAndSet(this, before, time)) {
			before = this.deadline;
		}
		if (before == ENDED) {
			throw closed(this);
		}
		boolean last = comeLast();
		// The loop looks at the deadline after it has set the time that it is due.
		if (due(time) < due() || (last && due(time) == due())) {
			loop().settle(this);
		}
	}

	/**
	 * Changes the period of a periodic timer, from the next expiration on.
	 * @param period the time from one expiration to the next, more than zero
	 * @throws IllegalStateException if it is closed or a one-shot timer
	 */
	public void period(Duration period) {
		long nanos = Nanos.ofPeriod(period);
		requireOpen();
		periodNanos(nanos);
	}

	private void requireOpen() {
		if (state() == State.CLOSED) {
			throw closed(this);
		}
	}

	private static IllegalStateException closed(Timer timer) {
		return new IllegalStateException("The timer '%s' is closed".formatted(timer));
	}

	private boolean isPeriodic() {
		return periodNanos() != 0;
	}

	@Override
	void handle(Object event) throws Exception {
		try {
			this.handler.expired(this);
		}
		finally {
			if (this.deadline == EXPIRED && DEADLINE.compareAndSet(this, EXPIRED, ENDED)) {
				close();
			}
		}
	}

	@Override
	Object event(Object event) {
		return (event == this) ? tick() : event;
	}

	@Override
	void succeeded() {
		super.succeeded();
		if (!isPeriodic()) {
			this.timers.oneShotSucceeded();
		}
	}

	/**
	 * Counts one-shot timers as one source: each of them fails only once, and whoever
	 * makes them goes on failing.
	 */
	@Override
	int failed() {
		int inRow = super.failed();
		return isPeriodic() ? inRow : Math.max(inRow, this.timers.oneShotFailed());
	}

	@Override
	void paused() {
		loop().settle(this);
	}

	@Override
	void resumed() {
		skipPaused();
		comeLast();
		loop().settle(this);
	}

	/** What has expired meanwhile counts, and is handled now. */
	@Override
	void unheld() {
		loop().settle(this);
	}

	/**
	 * Moves the deadline of a periodic timer to the first expiration from now on. One
	 * that has become due and was not handled is skipped, too.
	 */
	private void skipPaused() {
		long period = periodNanos();
		if (period == 0) {
			return;
		}
		long before = this.deadline;
		long late = this.timers.now() - before;
		if (late > 0) {
			DEADLINE.compareAndSet(this, before, Nanos.plus(Nanos.plus(before, late / period * period), period));
		}
	}

	/** Closing it is to have it settled, which sees the state that it is in then. */
	@Override
	boolean closesWithoutLock() {
		return loop().isLoopThread();
	}

	@Override
	void closed() {
		loop().settle(this);
	}

	/**
	 * Takes the place that the deadline asks for, or none. Another thread that moves the
	 * deadline writes it before it reads when the timer is due, and this writes when it
	 * is due before it reads the deadline again: one of the two sees what the other did.
	 * A deadline that was moved later meanwhile is looked at when the timer is due.
	 */
	@Override
	void settle() {
		boolean settled;
		do {
			long asked = this.deadline;
			if (isEnabled() && isTime(asked)) {
				place(due(asked));
			}
			else {
				leave();
			}
			boolean closed = isTakenOff();
			this.timers.paused(this, !isPlaced() && isTime(asked));
			if (closed) {
				return;
			}
			VarHandle.fullFence();
			long latest = this.deadline;
			settled = latest == asked || !isTime(latest) || due(latest) >= due();
		}
		while (!settled);
	}

	private void place(long time) {
		Deadlines deadlines = this.timers.deadlines();
		if (isPlaced()) {
			deadlines.move(this, time);
		}
		else {
			if (this.order == 0) {
				this.order = deadlines.nextOrder();
			}
			deadlines.add(this, time);
			this.timers.resized(1);
		}
	}

	private void leave() {
		if (isPlaced()) {
			this.timers.deadlines().remove(this);
			this.timers.resized(-1);
			this.order = 0;
		}
	}

	@Override
	void expired(long now) {
		if (isEnabled() && takeExpiration(now)) {
			loop().dispatch(this, this);
		}
		else {
			settle();
		}
	}

	/**
	 * Takes the expirations up to now, and moves on to the next.
	 * @return {@code false} if the deadline was moved, so that it has another place
	 * first, in the order of those that are due
	 */
	private boolean takeExpiration(long now) {
		long asked = this.deadline;
		if (!isTime(asked) || due(asked) > due()) {
			return false;
		}
		long period = periodNanos();
		long late = now - asked;
		long count = (period != 0) ? 1 + late / period : 1;
		long next = (period != 0) ? Nanos.plus(Nanos.plus(asked, late / period * period), period) : EXPIRED;
		// A deadline that is moved at this moment counts, and not this one.
		if (!DEADLINE.compareAndSet(this, asked, next)) {
			return false;
		}
		settle();
		this.timers.expiring(count, asked, late);
		return true;
	}

	/** Moves its deadline by as much as its clock was set. */
	final void shift(long stepNanos) {
		long before = this.deadline;
		if (isTime(before) && DEADLINE.compareAndSet(this, before, Nanos.plus(before, stepNanos))) {
			settle();
		}
	}

	/**
	 * A timer with a period, slack, a clock that may be set, or an action for when it is.
	 * It has the fields that time-outs, of which there are most, do without.
	 */
	private static final class Custom extends Timer {

		private final long slackNanos;

		/**
		 * What is done with it when its clock is set, in the place of what it does
		 * itself.
		 */
		private final @Nullable Follower follower;

		private final SourceStatistics statistics = SourceStatistics.ofSingle();

		private volatile long periodNanos;

		/** Whether the deadline is a time of day, which stays when the clock is set. */
		private volatile boolean timeOfDay;

		Custom(Timers timers, String description, long deadline, TimerHandler handler, long periodNanos,
				long slackNanos, boolean isTimeOfDay, @Nullable BiConsumer<Timer, ClockChange> follower) {
			super(timers, description, deadline, handler);
			this.periodNanos = periodNanos;
			this.slackNanos = slackNanos;
			this.timeOfDay = isTimeOfDay;
			this.follower = (follower != null) ? new Follower(this, follower) : null;
		}

		@Override
		public SourceStatistics statistics() {
			return this.statistics;
		}

		@Override
		void open() {
			boolean opened = false;
			try {
				loop().list(this);
				if (this.follower != null) {
					timers().follow(this.follower);
				}
				super.open();
				opened = true;
			}
			finally {
				if (!opened) {
					forget();
				}
			}
		}

		private void forget() {
			loop().unlist(this);
			if (this.follower != null) {
				timers().unfollow(this.follower);
			}
		}

		@Override
		boolean closesWithoutLock() {
			return this.follower == null && super.closesWithoutLock();
		}

		@Override
		void closed() {
			forget();
			super.closed();
		}

		@Override
		long due(long time) {
			return (this.slackNanos > 0) ? Nanos.plus(time, Math.floorMod(-time, this.slackNanos)) : time;
		}

		@Override
		long periodNanos() {
			return this.periodNanos;
		}

		@Override
		void periodNanos(long nanos) {
			if (this.periodNanos == 0) {
				super.periodNanos(nanos);
			}
			this.periodNanos = nanos;
		}

		@Override
		void timeOfDay(boolean isTimeOfDay) {
			this.timeOfDay = isTimeOfDay;
		}

		@Override
		void handle(Object event) throws Exception {
			if (event instanceof ClockChange change && this.follower != null) {
				this.follower.action.accept(this, change);
			}
			else {
				super.handle(event);
			}
		}

		@Override
		void clockSet(long stepNanos) {
			if (!this.timeOfDay && this.follower == null) {
				shift(stepNanos);
			}
		}

		/** Has a timer told that its clock was set, on the loop's thread. */
		private record Follower(Custom timer, BiConsumer<Timer, ClockChange> action) implements Consumer<ClockChange> {

			@Override
			public void accept(ClockChange change) {
				if (this.timer.state() != State.CLOSED) {
					this.timer.loop().dispatch(this.timer, change);
				}
			}

		}

	}

	/**
	 * Describes a timer; the last call makes it.
	 */
	public static final class Builder {

		private final Loop loop;

		private final TimerClocks clocks;

		private final String description;

		private ClockId clock = ClockId.MONOTONIC;

		private long slackNanos;

		private @Nullable BiConsumer<Timer, ClockChange> follower;

		Builder(Loop loop, TimerClocks clocks, String description) {
			this.loop = loop;
			this.clocks = clocks;
			this.description = Objects.requireNonNull(description, "'description' must not be null");
		}

		/**
		 * Sets the clock, {@link ClockId#MONOTONIC} by default.
		 * @param clock the clock
		 * @return this builder
		 */
		public Builder clock(ClockId clock) {
			this.clock = Objects.requireNonNull(clock, "'clock' must not be null");
			return this;
		}

		/**
		 * Sets how much later than its deadlines the timer may expire, so that it wakes
		 * the machine together with others: it is due at multiples of this time.
		 * @param slack the time, zero by default
		 * @return this builder
		 */
		public Builder slack(Duration slack) {
			this.slackNanos = Nanos.of("slack", slack);
			return this;
		}

		/**
		 * Sets what is done with a timer on a real-time clock when that is set, in the
		 * place of what the timer would do itself: whoever works its times out from a
		 * calendar does so anew.
		 * @param follower called on the loop's thread, before any expiration by the new
		 * time and also while the timer is paused; it may reschedule the timer
		 * @return this builder
		 */
		public Builder onClockSet(BiConsumer<Timer, ClockChange> follower) {
			this.follower = Objects.requireNonNull(follower, "'follower' must not be null");
			return this;
		}

		/**
		 * Makes a timer that expires once.
		 * @param delay the time until then; zero or less is as soon as the loop comes to
		 * it
		 * @param handler the handler
		 * @return the timer
		 * @throws IllegalStateException if the loop is closed or has failed
		 */
		public Timer after(Duration delay, TimerHandler handler) {
			Timers timers = timers();
			if (isPlain()) {
				return Timer.after(timers, this.description, delay, handler);
			}
			return open(timers, timers.deadline("delay", delay), handler, 0, false);
		}

		/**
		 * Makes a timer on a real-time clock that expires once.
		 * @param time when; a time in the past is as soon as the loop comes to it
		 * @param handler the handler
		 * @return the timer
		 * @throws IllegalStateException if another clock was set, or the loop is closed
		 * or has failed
		 */
		public Timer at(Instant time, TimerHandler handler) {
			return open(timers(), Nanos.of(time, this.clock), handler, 0, true);
		}

		/**
		 * Makes a timer that expires again and again.
		 * @param initialDelay the time until the first expiration
		 * @param period the time from one expiration to the next, more than zero
		 * @param handler the handler
		 * @return the timer
		 * @throws IllegalStateException if the loop is closed or has failed
		 */
		public Timer every(Duration initialDelay, Duration period, TimerHandler handler) {
			long periodNanos = Nanos.ofPeriod(period);
			Timers timers = timers();
			return open(timers, timers.deadline("initialDelay", initialDelay), handler, periodNanos, false);
		}

		private Timers timers() {
			this.loop.requireUsable();
			return this.clocks.get(this.clock);
		}

		private boolean isPlain() {
			return !this.clock.isRealTime() && this.slackNanos == 0 && this.follower == null;
		}

		private Timer open(Timers timers, long deadline, TimerHandler handler, long periodNanos, boolean isTimeOfDay) {
			Timer timer = new Custom(timers, this.description, deadline, handler, periodNanos, this.slackNanos,
					isTimeOfDay, this.follower);
			timer.open();
			return timer;
		}

	}

}

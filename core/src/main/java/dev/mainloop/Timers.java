package dev.mainloop;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.time.Duration;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;

import dev.mainloop.fd.ClockId;
import org.jspecify.annotations.Nullable;

/**
 * The timers of a loop on one clock. All belongs to the loop's thread, but for
 * {@link #size()} and the {@linkplain #follow followers}.
 */
final class Timers implements AutoCloseable {

	private static final VarHandle SIZE = Fields.handle(MethodHandles.lookup(), "size", int.class);

	/**
	 * How many far deadlines an iteration moves at most, to let others have their turn.
	 */
	private static final int MOVES = 1024;

	private final Loop loop;

	private final NanoClock clock;

	private final ClockId clockId;

	/** Ends the wait where its time-out does not. */
	private final @Nullable WakeUpTimer wakeUpTimer;

	private final Deadlines deadlines;

	/** Those who decide themselves what becomes of a timer when the clock is set. */
	private final List<Consumer<ClockChange>> followers = new CopyOnWriteArrayList<>();

	/** Timers on a real-time clock that have a deadline and no place. */
	private final Set<Deadline> paused = Collections.newSetFromMap(new IdentityHashMap<>());

	/** How many timers of the application have a place. */
	private volatile int size;

	/** What the handlers of one-shot timers have done. */
	private final SourceStatistics oneShotStatistics = SourceStatistics.ofBatches();

	/** How often one-shot timers in a row have failed. */
	private int oneShotFailures;

	/** The expiration that is being handled. */
	private long expirations;

	private long expiredDeadline;

	private long lateness;

	Timers(Loop loop, NanoClock clock, ClockId clockId, @Nullable WakeUpTimer wakeUpTimer) {
		this.loop = loop;
		this.clock = clock;
		this.clockId = clockId;
		this.wakeUpTimer = wakeUpTimer;
		this.deadlines = new Deadlines(now());
	}

	Loop loop() {
		return this.loop;
	}

	ClockId clockId() {
		return this.clockId;
	}

	long now() {
		return this.clock.nanoTime(this.clockId);
	}

	/** Returns the time when a delay from now will be over. */
	long deadline(String name, Duration delay) {
		return Nanos.plus(now(), Nanos.of(name, delay));
	}

	Deadlines deadlines() {
		return this.deadlines;
	}

	int size() {
		return this.size;
	}

	/** Counts timers that got or lost their place. */
	void resized(int change) {
		SIZE.setRelease(this, this.size + change);
	}

	/**
	 * Has a wait end at the earliest deadline.
	 * @param timeoutNanos how long the wait may be, without limit if negative
	 * @return how long it may be, at most as long
	 */
	long beforeWait(long timeoutNanos) {
		long earliest = this.deadlines.earliest();
		if (this.wakeUpTimer != null) {
			this.wakeUpTimer.wakeAt(earliest);
			return timeoutNanos;
		}
		if (earliest == Deadline.NEVER) {
			return timeoutNanos;
		}
		long left = Math.max(0, earliest - now());
		return (timeoutNanos < 0) ? left : Math.min(left, timeoutNanos);
	}

	/** Whether the time has come when a timer may be due. */
	boolean mayBeDue() {
		long earliest = this.deadlines.earliest();
		return earliest != Deadline.NEVER && earliest - now() <= 0;
	}

	/** Returns what is due first, or {@code null} if nothing is due. */
	@Nullable Deadline due() {
		Deadline earliest = this.deadlines.first();
		return (earliest != null && earliest.due() - now() <= 0) ? earliest : null;
	}

	/**
	 * Runs the handlers of timers that are due.
	 * @param budget how many at most
	 * @param slice ends the batch in time
	 * @return {@code true} if more may be due
	 */
	boolean runDue(int budget, TimeSlice slice) {
		if (this.deadlines.isEmpty()) {
			return false;
		}
		this.oneShotStatistics.beginBatch();
		long now = now();
		if (!this.deadlines.advance(now, MOVES)) {
			return true;
		}
		for (int i = 0; i < budget; i++) {
			Deadline earliest = this.deadlines.near();
			if (earliest == null || earliest.due() - now > 0) {
				return this.deadlines.isBehind();
			}
			earliest.expired(now);
			this.loop.settleAll();
			if (this.loop.isOver() || slice.handled()) {
				return true;
			}
		}
		return true;
	}

	/** Notes what the timer that is about to be handled tells of its expiration. */
	void expiring(long expirations, long deadline, long lateness) {
		this.expirations = expirations;
		this.expiredDeadline = deadline;
		this.lateness = lateness;
	}

	TimerTick tick() {
		return new TimerTick(this.expirations, this.expiredDeadline, this.lateness);
	}

	/** Returns how late the loop has come to the expiration that is being handled. */
	long lateness() {
		return this.lateness;
	}

	SourceStatistics oneShotStatistics() {
		return this.oneShotStatistics;
	}

	void oneShotSucceeded() {
		this.oneShotFailures = 0;
	}

	int oneShotFailed() {
		return ++this.oneShotFailures;
	}

	void follow(Consumer<ClockChange> follower) {
		this.followers.add(follower);
	}

	void unfollow(Consumer<ClockChange> follower) {
		this.followers.remove(follower);
	}

	/**
	 * Takes up that the clock was set.
	 * @param stepNanos how far
	 */
	void clockSet(long stepNanos) {
		for (Deadline deadline : this.deadlines.toArray()) {
			deadline.clockSet(stepNanos);
		}
		for (Deadline deadline : List.copyOf(this.paused)) {
			deadline.clockSet(stepNanos);
		}
	}

	/**
	 * Tells the timers that decide themselves.
	 * @param change how far the clock was set
	 */
	void tellFollowers(ClockChange change) {
		this.followers.forEach((follower) -> follower.accept(change));
	}

	/**
	 * Notes whether a timer is paused, so that its deadline follows a clock that is set.
	 */
	void paused(Deadline deadline, boolean isPaused) {
		if (!this.clockId.isRealTime()) {
			return;
		}
		if (isPaused && deadline.state() != EventSource.State.CLOSED) {
			this.paused.add(deadline);
		}
		else {
			this.paused.remove(deadline);
		}
	}

	/** Lets go of all timers, once nobody runs the loop any more. */
	void clear() {
		this.deadlines.clear();
		this.paused.clear();
		this.followers.clear();
		this.size = 0;
	}

	@Override
	public void close() {
		if (this.wakeUpTimer != null) {
			this.wakeUpTimer.close();
		}
	}

}

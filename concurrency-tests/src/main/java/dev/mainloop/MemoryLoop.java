package dev.mainloop;

import java.util.ArrayList;
import java.util.List;

import dev.mainloop.fd.ClockId;
import dev.mainloop.multiplexer.Trigger;
import org.jspecify.annotations.Nullable;

/**
 * What sources need of a loop, in memory and on a clock that stands still. A thread that
 * plays the loop calls {@link #enter()} first. Its own fields are plain ones, so that no
 * protocol can lean on an ordering that the loop itself does not give.
 */
final class MemoryLoop implements Loop {

	/** The time when a race begins. */
	static final long START = 100;

	private final Dispatcher dispatcher = new Dispatcher(new Errors(new Life(LoopName.MAIN),
			new ErrorLog(new Timers(this, NanoClock.SYSTEM, ClockId.MONOTONIC, null)), null, ErrorPolicy.CONTINUE, 1),
			this::nanoTime, new LoopStatistics(this::nanoTime));

	private final Inbox controls = new Inbox();

	private final @Nullable WakeUp wakeUp;

	private @Nullable Thread owner;

	private final List<EventSource> unsettled = new ArrayList<>(1);

	private long now = START;

	private final NanoClock clock = () -> this.now;

	private final TimeSlice slice = new TimeSlice(this.clock, Long.MAX_VALUE);

	MemoryLoop() {
		this(null);
	}

	MemoryLoop(@Nullable WakeUp wakeUp) {
		this.wakeUp = wakeUp;
	}

	@Override
	public LoopName name() {
		return LoopName.MAIN;
	}

	/** Makes the calling thread the loop's. */
	void enter() {
		this.owner = Thread.currentThread();
	}

	/** Moves the clock. */
	void now(long now) {
		this.now = now;
	}

	TimeSlice slice() {
		return this.slice;
	}

	/** Makes the timers of this loop. */
	TimerClocks timerClocks() {
		Descriptors descriptors = new Descriptors(this, new MemoryMultiplexer());
		return new TimerClocks(this, MemoryPlatform.INSTANCE, this.clock, descriptors,
				new WallClock(MemoryPlatform.INSTANCE, this.clock, descriptors), Trigger.EDGE, false);
	}

	/** Does what the phase of the controls does. */
	void takeControls() {
		settleAll();
		Link control = this.controls.takeAll();
		while (control != null) {
			Link following = control.next;
			control.next = null;
			control.release();
			((EventSource) control).settle();
			control = following;
		}
	}

	/** Takes up what has changed and runs the timers that are due, as an owner does. */
	void run(TimerClocks clocks) {
		enter();
		takeControls();
		clocks.runDue(8, slice());
	}

	/** Takes up what has changed, and runs the timers that are due at a later time. */
	void runAt(long time, TimerClocks clocks) {
		enter();
		takeControls();
		now(time);
		clocks.runDue(8, slice());
	}

	@Override
	public void list(EventSource source) {
	}

	@Override
	public void unlist(EventSource source) {
	}

	@Override
	public long nanoTime() {
		return this.now;
	}

	@Override
	public void lagged(EventSource source, long nanos, long now) {
		this.dispatcher.lagged(source, nanos, now);
	}

	@Override
	public void settleAll() {
		for (EventSource source : this.unsettled) {
			source.endSettling();
			source.settle();
		}
		this.unsettled.clear();
	}

	@Override
	public boolean isLoopThread() {
		return this.owner == Thread.currentThread();
	}

	@Override
	public Mailbox.Sender sender() {
		return isLoopThread() ? Mailbox.Sender.OWNER : Mailbox.Sender.ANYONE;
	}

	@Override
	public boolean isOwned() {
		return true;
	}

	@Override
	public boolean isClosed() {
		return false;
	}

	@Override
	public boolean isOver() {
		return false;
	}

	@Override
	public void requireUsable() {
	}

	@Override
	public String describe() {
		return "The main loop runs";
	}

	@Override
	public void settle(EventSource source) {
		if (isLoopThread()) {
			if (!source.isUnsettled()) {
				this.unsettled.add(source);
				source.awaitSettling();
			}
		}
		else if (this.controls.add(source)) {
			wakeUp();
		}
	}

	@Override
	public void wakeUp() {
		if (this.wakeUp != null) {
			this.wakeUp.wakeUp();
		}
	}

	@Override
	public @Nullable RunningHandler runningHandler() {
		return null;
	}

	@Override
	public void abandon() {
		throw new UnsupportedOperationException();
	}

	@Override
	public boolean awaitHandler(EventSource source, long timeoutNanos) {
		throw new UnsupportedOperationException();
	}

	@Override
	public void dispatch(EventSource source, Object event) {
		this.dispatcher.dispatch(source, event);
	}

	@Override
	public void dispatchSuccessive(EventSource source, Object event) {
		this.dispatcher.dispatchSuccessive(source, event);
	}

	@Override
	public void endSuccession() {
		this.dispatcher.endSuccession();
	}

	@Override
	public void dispatchUnmeasured(EventSource source, Object event) {
		this.dispatcher.dispatchUnmeasured(source, event);
	}

	@Override
	public void disabled(EventSource source, Throwable cause) {
	}

	@Override
	public @Nullable Throwable failure(EventSource source) {
		return null;
	}

	@Override
	public void enabled(EventSource source) {
	}

	@Override
	public void fail(Throwable cause) {
		throw new IllegalStateException(cause);
	}

}

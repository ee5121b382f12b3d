package dev.mainloop;

import java.util.Arrays;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.LockSupport;

import dev.mainloop.fd.ClockId;
import dev.mainloop.fd.EventFd;
import dev.mainloop.libc.CpuMask;
import dev.mainloop.libc.StackReserve;
import dev.mainloop.multiplexer.IoMultiplexer;
import dev.mainloop.multiplexer.Trigger;
import org.jspecify.annotations.Nullable;

/**
 * The work of a loop: its parts, their iterations, and who may run them. One iteration is
 * a list of phases, see {@link #iterate}.
 *
 * <h2>Who runs it</h2> Its owner, of which there is one at a time, see {@link Life}. What
 * belongs to the loop's thread may be touched by the owner alone, or, while there is
 * none, with the lock of this object held. Entering takes that lock, so that what was
 * done without an owner is seen by the next.
 */
final class DutyCycle implements LoopStop.Part {

	/** How often busy polling looks at memory between two questions to the kernel. */
	private static final int LOOKS = 16;

	/** Room for sources that handlers have changed, which stays. */
	private static final int FEW_UNSETTLED = 64;

	/** As many are settled before others are handled. */
	private static final int MANY_UNSETTLED = 4096;

	/** More room than this is given back. */
	private static final int MOST_ROOM = 2 * MANY_UNSETTLED;

	private final LoopName name;

	private final Affinity affinity;

	private final Life life;

	private final Platform platform;

	private final IoMultiplexer multiplexer;

	private final WakeUp wakeUp;

	private final Completions completions;

	private final Descriptors descriptors;

	private final WallClock wallClock;

	private final TimerClocks timers;

	private final Errors errors;

	private final Dispatcher dispatcher;

	private final Queues queues;

	private final TaskQueue tasks;

	private final LoopSignals signals;

	private final LoopStop stop;

	private final Inbox controls = new Inbox();

	private final Inbox closings = new Inbox();

	private final TimeSlice slice;

	private final SpinPolicy spinPolicy;

	private final int budget;

	private final NanoClock clock;

	private final long busyPollNanos;

	private final LoopStatistics statistics;

	private final Set<EventSource> sources = ConcurrentHashMap.newKeySet();

	private final Closing released = new Closing();

	/** How often it has looked at memory since it asked the kernel. */
	private int looks;

	private boolean timersLeft;

	/**
	 * The sources that handlers have changed, in a part of an array; owned by the owner.
	 */
	private @Nullable EventSource[] unsettled = new @Nullable EventSource[FEW_UNSETTLED];

	private final @Nullable EventSource[] fewUnsettled = this.unsettled;

	/** Whether nobody runs it but by hand, iteration by iteration; guarded by this. */
	private boolean byHand;

	private int firstUnsettled;

	private int unsettledEnd;

	DutyCycle(LoopSettings settings) {
		this.name = settings.name;
		this.life = new Life(this.name);
		this.platform = settings.platform;
		this.affinity = new Affinity(this.name, this.platform.pinsThreads() ? settings.cpus : null);
		this.affinity.requireAllowed();
		this.budget = settings.budget;
		this.clock = settings.clock;
		this.statistics = new LoopStatistics(settings.clock);
		this.busyPollNanos = settings.busyPollNanos;
		this.spinPolicy = settings.spinPolicy;
		this.slice = new TimeSlice(settings.clock, settings.timeSliceNanos);
		try (Rollback rollback = new Rollback()) {
			this.multiplexer = rollback.add(settings.multiplexer.get());
			Trigger trigger = this.multiplexer.supports(Trigger.EDGE) ? Trigger.EDGE : Trigger.LEVEL;
			EventFd eventFd = rollback.add(this.platform.openEventFd());
			this.wakeUp = new WakeUp(eventFd, trigger);
			this.completions = new Completions(this, eventFd);
			this.descriptors = new Descriptors(this, this.multiplexer);
			this.descriptors.add(this.wakeUp);
			this.wallClock = rollback.add(new WallClock(this.platform, settings.clock, this.descriptors));
			this.timers = rollback.add(new TimerClocks(this, this.platform, settings.clock, this.descriptors,
					this.wallClock, trigger, this.multiplexer.isExact()));
			this.errors = new Errors(this.life, new ErrorLog(this.timers.get(ClockId.MONOTONIC)), settings.errorHandler,
					settings.errorPolicy, settings.errorLimit);
			this.dispatcher = new Dispatcher(this.errors, settings.clock, this.statistics);
			this.queues = new Queues(this);
			this.tasks = new TaskQueue(this, this.queues, settings.taskCapacity);
			this.queues.add(this.tasks);
			this.signals = new LoopSignals(this, this.platform, this.descriptors, settings);
			this.stop = new LoopStop(this, settings.group, this.queues);
			if (settings.group != null) {
				settings.group.add(this.stop);
			}
			rollback.keep();
		}
	}

	@Override
	public LoopName name() {
		return this.name;
	}

	Affinity affinity() {
		return this.affinity;
	}

	Life life() {
		return this.life;
	}

	IoMultiplexer multiplexer() {
		return this.multiplexer;
	}

	Completions completions() {
		return this.completions;
	}

	Platform platform() {
		return this.platform;
	}

	Descriptors descriptors() {
		return this.descriptors;
	}

	WallClock wallClock() {
		return this.wallClock;
	}

	TimerClocks timers() {
		return this.timers;
	}

	SpinPolicy spinPolicy() {
		return this.spinPolicy;
	}

	Errors errors() {
		return this.errors;
	}

	Queues queues() {
		return this.queues;
	}

	TaskQueue tasks() {
		return this.tasks;
	}

	LoopSignals signals() {
		return this.signals;
	}

	Dispatcher dispatcher() {
		return this.dispatcher;
	}

	LoopStatistics statistics() {
		return this.statistics;
	}

	/**
	 * Runs one iteration, on the owner's thread.
	 * @param timeoutNanos how long to wait at most, without limit if negative
	 */
	void iterate(long timeoutNanos) {
		await(timeoutNanos);
		takeControls();
		handleSignals();
		handleDescriptors();
		handleCompletions();
		handleTimers();
		handleMessages(this.budget);
		passClosings();
	}

	private void await(long timeoutNanos) {
		this.completions.submit();
		if (timeoutNanos == 0 || hasWork()) {
			this.descriptors.await(0);
			this.statistics.iterated(this.clock.nanoTime());
		}
		else {
			long asleep = this.clock.nanoTime();
			this.statistics.asleep(asleep);
			if (this.busyPollNanos == 0) {
				sleep(timeoutNanos);
			}
			else {
				awaitBusily(timeoutNanos, asleep);
			}
			this.statistics.awoken(this.clock.nanoTime());
		}
	}

	/** Looks for work again and again, and sleeps when there was none for some time. */
	private void awaitBusily(long timeoutNanos, long start) {
		long longest = (timeoutNanos < 0) ? this.busyPollNanos : Math.min(this.busyPollNanos, timeoutNanos);
		long elapsed = 0;
		while (elapsed < longest) {
			for (; this.looks < LOOKS; Thread.onSpinWait()) {
				this.looks++;
				if (isToLook()) {
					return;
				}
			}
			this.looks = 0;
			this.descriptors.await(0);
			if (this.descriptors.hasLeft() || this.timers.isDue()) {
				return;
			}
			elapsed = this.clock.nanoTime() - start;
		}
		sleep((timeoutNanos < 0) ? -1 : Math.max(0, timeoutNanos - elapsed));
	}

	private void sleep(long timeoutNanos) {
		this.wakeUp.beforeWait();
		try {
			// What others add from here on ends the wait.
			this.descriptors.await(isToLook() ? 0 : this.timers.beforeWait(timeoutNanos));
		}
		finally {
			this.wakeUp.afterWait();
		}
	}

	/** Whether there is something to do that does not come from the kernel. */
	private boolean isToLook() {
		return hasWork() || !this.controls.isEmpty() || !this.closings.isEmpty() || this.life.isEnding();
	}

	/** Whether handlers are to be called without a wait. */
	private boolean hasWork() {
		return this.timersLeft || this.queues.hasReady() || this.descriptors.hasLeft() || this.signals.hasWork()
				|| this.completions.hasCompletion();
	}

	private void takeControls() {
		Link control = this.controls.takeAll();
		while (control != null) {
			Link following = control.next;
			control.next = null;
			// Whoever changes the source from here on adds it again.
			control.release();
			settleOrClose((EventSource) control);
			control = following;
		}
	}

	@Override
	public void settleAll() {
		if (this.unsettledEnd > 0) {
			settleUnsettled();
		}
	}

	private void settleUnsettled() {
		while (this.firstUnsettled < this.unsettledEnd) {
			int index = this.firstUnsettled++;
			EventSource source = Objects.requireNonNull(this.unsettled[index]);
			this.unsettled[index] = null;
			source.endSettling();
			settleOrClose(source);
		}
		this.firstUnsettled = 0;
		this.unsettledEnd = 0;
		if (this.unsettled.length > MOST_ROOM) {
			this.unsettled = this.fewUnsettled;
		}
	}

	/**
	 * Settles a source. One that cannot get its place, for want of memory, is closed and
	 * told of; without an owner, when the lock keeps this from being done, it stays for
	 * the next.
	 */
	private void settleOrClose(EventSource source) {
		try {
			source.settle();
		}
		catch (Throwable ex) {
			if (!isLoopThread() || !isClosedFor(source, ex)) {
				this.controls.add(source);
			}
		}
	}

	private boolean isClosedFor(EventSource source, Throwable cause) {
		try {
			this.errors.happened(source, source, cause);
			source.close();
			return true;
		}
		catch (Throwable ex) {
			return false;
		}
	}

	private void handleSignals() {
		this.slice.begin();
		this.signals.deliver(this.budget, this.slice);
	}

	private void handleDescriptors() {
		this.slice.begin();
		this.descriptors.dispatch(this.slice);
	}

	private void handleCompletions() {
		if (this.completions.hasCompletion()) {
			settleAll();
			this.slice.begin();
			this.completions.dispatch(this.slice);
		}
	}

	private void handleTimers() {
		settleAll();
		this.slice.begin();
		this.timersLeft = !this.life.isOver() && this.timers.runDue(this.budget, this.slice);
	}

	private void handleMessages(int budget) {
		this.slice.begin();
		this.queues.drain(budget, this.slice);
		settleAll();
	}

	private void passClosings() {
		Link closing = this.closings.takeAll();
		while (closing != null) {
			Link following = closing.next;
			((Closing) closing).pass();
			closing = following;
		}
	}

	/** Whether the next iteration has handlers to call. */
	boolean isBusy() {
		return hasWork() || this.timers.isDue();
	}

	/** Runs iterations until the loop is told to stop, and then what waits. */
	void run() {
		Boolean runningBefore = null;
		CpuMask cpusBefore = null;
		long slackBefore = Platform.UNKNOWN_SLACK;
		try {
			runningBefore = LoopThreads.enter();
			cpusBefore = this.affinity.pin();
			slackBefore = timerSlack(1);
			boolean runs = true;
			while (runs) {
				switch (this.life.state()) {
					case RUNNING -> iterate(-1);
					case STOPPING -> runs = !isStopping() || !hasStopped();
					default -> runs = false;
				}
			}
		}
		catch (Throwable ex) {
			this.life.fail(ex);
			throw ex;
		}
		finally {
			if (isLoopThread()) {
				this.errors.sumUp();
				leave();
			}
			timerSlack(slackBefore);
			Affinity.unpin(cpusBefore);
			LoopThreads.leave(runningBefore);
		}
		requireSound();
	}

	/**
	 * Sets how late the kernel may end a wait by its time-out, if it is to end waits so.
	 */
	private long timerSlack(long nanos) {
		return (this.multiplexer.isExact() && nanos != Platform.UNKNOWN_SLACK) ? this.platform.timerSlack(nanos)
				: Platform.UNKNOWN_SLACK;
	}

	/**
	 * Whether the loop was told to stop, asked once whoever has told it has shut the
	 * queues: what they have taken by then is all there will be.
	 */
	private synchronized boolean isStopping() {
		return this.life.state() == MainLoopState.STOPPING;
	}

	/** Throws what has ended the loop, if it has failed. */
	void requireSound() {
		if (this.life.state() == MainLoopState.FAILED) {
			throw new IllegalStateException(this.life.describe(), this.life.failure());
		}
	}

	/**
	 * Handles messages and tasks that wait, on the owner's thread, and then leaves a loop
	 * that is stopping, if they were the last.
	 * @return {@code false} if it was not left
	 */
	private boolean hasStopped() {
		this.stop.beginTurn();
		boolean waiting = handleWaiting();
		return switch (this.stop.endTurn(waiting)) {
			case GO_ON -> false;
			case AWAIT -> {
				awaitOthers();
				yield false;
			}
			case END -> !isSeparated() && leaveStopped();
			case GIVE_UP -> {
				isSeparated();
				yield giveUp();
			}
		};
	}

	/**
	 * Waits for a message of another loop, for all of them to have none left, or for an
	 * operation that another thread completes. The descriptors are not waited for, as
	 * nothing is done for those that are ready.
	 */
	private void awaitOthers() {
		this.wakeUp.beforePark();
		try {
			if (!this.queues.hasReady() && !this.completions.hasCompletion() && this.controls.isEmpty()
					&& this.closings.isEmpty() && this.life.state() == MainLoopState.STOPPING
					&& this.stop.decision == null) {
				LockSupport.park(this);
			}
		}
		finally {
			this.wakeUp.afterPark();
		}
		Thread.interrupted();
	}

	/**
	 * Has a loop that stops with others stop alone, as they have nothing more to send, or
	 * are not followed any more.
	 * @return {@code false} if it does already
	 */
	private synchronized boolean isSeparated() {
		if (!this.stop.isTogether()) {
			return false;
		}
		if (this.life.state() == MainLoopState.STOPPING) {
			this.stop.begin();
			this.queues.seal();
		}
		return true;
	}

	/** Leaves a loop that is stopping, with the messages that wait. */
	private boolean giveUp() {
		LoopStop.Left left = this.stop.left();
		boolean stopped = leaveStopped();
		if (stopped) {
			left.log(this.name);
		}
		return stopped;
	}

	@Override
	public boolean handleRound() {
		enter(Thread.currentThread(), null);
		try {
			boolean waited = false;
			boolean waiting;
			this.queues.beginRound();
			do {
				waiting = handleWaiting();
				waited |= waiting;
			}
			while (waiting && this.queues.leftInRound() > 0 && !this.life.isOver());
			return waited;
		}
		catch (Throwable ex) {
			this.life.fail(ex);
			throw ex;
		}
		finally {
			leave();
		}
	}

	/**
	 * Stops a loop that is run by hand on the calling thread, after the messages that
	 * wait.
	 */
	void stopByHand() {
		boolean endless = this.stop.drainByHand();
		enter(Thread.currentThread(), MainLoopState.STOPPING);
		try {
			boolean left = endless && giveUp();
			while (!left && this.life.state() == MainLoopState.STOPPING) {
				left = hasStopped();
			}
		}
		finally {
			if (isLoopThread()) {
				leave();
			}
		}
	}

	/**
	 * Handles messages and tasks that wait, up to the budget of each queue and not far
	 * beyond those of the round.
	 * @return {@code false} if none waited
	 */
	private boolean handleWaiting() {
		takeControls();
		boolean waiting = this.queues.claimTurns();
		if (this.completions.isPending()) {
			this.completions.submit();
			if (!waiting && !this.completions.await()) {
				awaitOthers();
			}
			handleCompletions();
			waiting = true;
		}
		long left = this.queues.leftInRound();
		handleMessages((left > 0) ? (int) Math.min(left, this.budget) : this.budget);
		passClosings();
		return waiting;
	}

	/**
	 * Makes a thread the owner, before it runs the loop.
	 * @param entering the thread
	 * @param entered the state from now on, or {@code null} to leave it as it is
	 */
	synchronized void enter(Thread entering, @Nullable MainLoopState entered) {
		this.life.requireEnterable();
		if (entered == MainLoopState.RUNNING) {
			this.affinity.requireAllowed();
			this.signals.takeOver();
		}
		this.life.enter(entering, entered);
		this.statistics.begin(this.clock.nanoTime());
		if (entered == MainLoopState.RUNNING) {
			this.byHand = false;
			this.stop.leave();
			this.queues.open();
		}
		else if (entered == MainLoopState.STOPPING) {
			this.stop.begin();
			this.queues.seal();
		}
	}

	/** Ends what {@link #enter} began, in the state that the loop is in. */
	void leave() {
		MainLoopState left;
		this.statistics.end(this.clock.nanoTime());
		synchronized (this) {
			left = this.life.leave();
			this.byHand = left == MainLoopState.RUNNING;
			if (left == MainLoopState.FAILED) {
				this.stop.leave();
				this.signals.giveBack();
				this.queues.seal();
			}
			settleIdle();
		}
		this.signals.exitIfDue();
		if (left == MainLoopState.CLOSED) {
			release();
		}
	}

	/**
	 * Ends what {@link #enter} began, for a loop that is stopping.
	 * @return {@code false} if it was told otherwise meanwhile, and is not left
	 */
	boolean leaveStopped() {
		this.errors.sumUp();
		this.statistics.end(this.clock.nanoTime());
		if (!this.life.leave(MainLoopState.STOPPING, MainLoopState.STOPPED)) {
			this.statistics.begin(this.clock.nanoTime());
			return false;
		}
		settleIdle();
		this.signals.exitIfDue();
		return true;
	}

	/** Takes back that a thread, which could not be started, is the owner. */
	void withdraw(MainLoopState before) {
		boolean left;
		synchronized (this) {
			left = this.life.leave(MainLoopState.RUNNING, before);
			this.stop.leave();
			if (left && before != MainLoopState.NEW) {
				this.queues.seal();
			}
			settleIdle();
		}
		if (!left) {
			leave();
		}
	}

	/** Tells a loop that runs to stop, alone. */
	synchronized void stop() {
		StackReserve.require();
		if (this.life.stop()) {
			this.stop.begin();
			this.queues.seal();
			this.wakeUp.wakeUp();
		}
	}

	@Override
	public synchronized void stopTogether() {
		StackReserve.require();
		if (this.life.stop()) {
			try {
				this.stop.join(this.byHand);
				this.queues.shut();
			}
			finally {
				this.wakeUp.wakeUp();
			}
		}
	}

	/**
	 * Has a loop that was told to stop, and has not yet, go on.
	 * @return {@code false} if it was not told to or has stopped
	 */
	synchronized boolean goOn() {
		StackReserve.require();
		if (!this.life.goOn()) {
			return false;
		}
		this.stop.leave();
		this.queues.open();
		this.wakeUp.wakeUp();
		return true;
	}

	/** Lets a loop that has failed take registrations again, and run. */
	void recover() {
		this.life.recover();
	}

	/** Closes the loop, or leaves the rest of that to its owner. */
	void close() {
		boolean owned;
		StackReserve.require();
		synchronized (this) {
			if (!this.life.close()) {
				return;
			}
			this.stop.leave();
			this.queues.end();
			owned = isOwned();
		}
		if (owned) {
			this.wakeUp.wakeUp();
		}
		else {
			release();
		}
	}

	/**
	 * Waits for the owner to have closed the loop.
	 * @param timeoutNanos how long at most, in nanoseconds
	 * @return {@code false} if it has not by then, or is the caller
	 */
	boolean awaitRelease(long timeoutNanos) {
		if (!isLoopThread()) {
			this.released.await(timeoutNanos);
			this.queues.close();
		}
		return this.released.await(0);
	}

	private void release() {
		try (Rollback all = new Rollback()) {
			all.add(this.multiplexer);
			all.add(this.wakeUp);
			all.add(this.timers);
			all.add(this.wallClock);
			all.add(this::endTimers);
			all.add(this.queues::close);
			all.add(this.descriptors::close);
			all.add(this.signals::close);
			all.add(this.stop::close);
			all.add(this.completions);
		}
		finally {
			passClosings();
			this.released.pass();
		}
	}

	private synchronized void endTimers() {
		this.errors.sumUp();
		this.timers.clear();
	}

	@Override
	public boolean isLoopThread() {
		return this.life.isOwnedByCaller();
	}

	@Override
	public Mailbox.Sender sender() {
		if (isLoopThread()) {
			return Mailbox.Sender.OWNER;
		}
		return this.stop.isPeer() ? Mailbox.Sender.PEER : Mailbox.Sender.ANYONE;
	}

	@Override
	public boolean isOwned() {
		return this.life.owner() != null;
	}

	@Override
	public boolean isClosed() {
		return this.life.isClosed();
	}

	@Override
	public boolean isOver() {
		return this.life.isOver();
	}

	@Override
	public void requireUsable() {
		this.life.requireUsable();
	}

	@Override
	public String describe() {
		return this.life.describe();
	}

	@Override
	public void settle(EventSource source) {
		if (isLoopThread()) {
			defer(source);
			return;
		}
		StackReserve.require();
		if (this.controls.add(source)) {
			this.wakeUp.wakeUp();
		}
		if (!isOwned()) {
			settleIdle();
		}
	}

	/**
	 * Puts off what a handler has changed until it has returned, so that a handler which
	 * has used up its stack leaves nothing half-way. Where there is no memory for that it
	 * becomes a control, as the changes of other threads are.
	 */
	private void defer(EventSource source) {
		if (source.isUnsettled()) {
			return;
		}
		if (this.unsettledEnd == this.unsettled.length && !hasGrown()) {
			this.controls.add(source);
			return;
		}
		source.awaitSettling();
		this.unsettled[this.unsettledEnd++] = source;
		if (this.unsettledEnd >= MANY_UNSETTLED) {
			this.slice.end();
		}
	}

	private boolean hasGrown() {
		try {
			this.unsettled = Arrays.copyOf(this.unsettled, this.unsettledEnd * 2);
			Arrays.fill(this.fewUnsettled, null);
			return true;
		}
		catch (OutOfMemoryError ex) {
			return false;
		}
	}

	/**
	 * Does what others have left for the loop while nobody runs it, so that they need not
	 * wait.
	 */
	private synchronized void settleIdle() {
		if (!isOwned()) {
			takeControls();
			settleAll();
			passClosings();
		}
	}

	@Override
	public void wakeUp() {
		this.wakeUp.wakeUp();
	}

	@Override
	public @Nullable RunningHandler runningHandler() {
		Thread owner = this.life.owner();
		return (owner != null) ? this.dispatcher.running(owner) : null;
	}

	@Override
	public void abandon() {
		close();
		this.queues.close();
	}

	@Override
	public boolean awaitHandler(EventSource source, long timeoutNanos) {
		if (isLoopThread()) {
			return !this.dispatcher.isRunning(source);
		}
		Closing closing = new Closing();
		StackReserve.require();
		this.closings.add(closing);
		this.wakeUp.wakeUp();
		if (!isOwned()) {
			settleIdle();
		}
		return closing.await(timeoutNanos);
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
	public void list(EventSource source) {
		this.sources.add(source);
	}

	@Override
	public void unlist(EventSource source) {
		this.sources.remove(source);
	}

	/** Returns the sources that are open, but for queues and one-shot timers. */
	Set<EventSource> sources() {
		return this.sources;
	}

	/**
	 * Whether the loop waits for events, or is about to; may be asked by any thread.
	 */
	boolean isWaiting() {
		return this.wakeUp.isWaiting();
	}

	@Override
	public long nanoTime() {
		return this.clock.nanoTime();
	}

	@Override
	public void lagged(EventSource source, long nanos, long now) {
		this.dispatcher.lagged(source, nanos, now);
	}

	@Override
	public void disabled(EventSource source, Throwable cause) {
		this.errors.disabled(source, cause);
	}

	@Override
	public @Nullable Throwable failure(EventSource source) {
		return this.errors.failure(source);
	}

	@Override
	public void enabled(EventSource source) {
		this.errors.enabled(source);
	}

	@Override
	public void fail(Throwable cause) {
		this.life.fail(cause);
	}

}

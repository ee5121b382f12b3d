package dev.mainloop;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.stream.Collectors;

import dev.mainloop.fd.EventFd;
import dev.mainloop.fd.Signal;
import dev.mainloop.fd.SignalFd;
import dev.mainloop.fd.SignalInfo;
import dev.mainloop.libc.ErrnoException;
import dev.mainloop.libc.StackReserve;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The signals of a process, which all its loops share: a signal comes to the process
 * once, and each loop that has an enabled source for it is to handle it.
 *
 * <h2>How signals come</h2> There is one signalfd, which every loop watches that has
 * signals by it. Whoever is woken first reads it for all. It accepts the signals that
 * some loop takes and of which not too many wait here, so that what nobody takes stays
 * pending in the kernel. What the JVM relays comes on a thread of the JVM, which sets a
 * bit and wakes the loops, for which it needs neither the lock nor memory.
 *
 * <h2>Who handles them</h2> What has come is kept in one list, in its order. Each entry
 * is owed by the loops that had an enabled source when it came. A loop whose sources are
 * all paused or closed owes nothing. An entry that nobody owes, is handling or has
 * handled goes to the next loop with an enabled source. Of a standard signal a loop owes
 * one at a time, as only one is pending in the kernel; real-time signals are all kept.
 *
 * <h2>When they end the process</h2> {@code SIGTERM} and {@code SIGINT} do when all that
 * owed them have handled them and no source vetoes that, or when there is no source that
 * is enabled or paused. As the handler that a loop runs may not return, they come on a
 * thread of their own, by signalfd through a {@link SignalReader}, which waits for their
 * handlers in turn: they end the process when these have not run in time, and at once
 * when one comes while another waits.
 *
 * <h2>Threads</h2> All fields are guarded by the lock of this object, unless they say
 * otherwise. It may be taken with the locks of a source, of {@link SignalTaker} and of a
 * loop held, and nothing is locked under it but the signalfd's buffer. No handler, no
 * wake-up and no other code of the application is called under it.
 */
final class SignalHub {

	private static final Logger logger = LoggerFactory.getLogger(SignalHub.class);

	/** How many of a signal wait here at most, give or take one read of the signalfd. */
	static final int MOST_PENDING = 64;

	private static final int NUMBERS = 64;

	private static final int EXIT_CODE_OF_SIGNAL = 128;

	/** A bit for each signal that ends the process, the lowest for number 1. */
	private static final long EXITING = SharedSignal.EXITING.stream()
		.mapToLong((name) -> bit(Signal.of(name)))
		.reduce(0, (some, other) -> some | other);

	/** Less than this after another a signal is the same, sent to its group, too. */
	private static final long SENT_TWICE_NANOS = TimeUnit.MILLISECONDS.toNanos(500);

	private static final long LAST_WORDS_MILLIS = 1000;

	private final @Nullable SharedSignal[] signals = new @Nullable SharedSignal[NUMBERS + 1];

	private final Consumer<SignalInfo> arrival = this::arrived;

	/**
	 * Those that have a subscription or keep the process from its end, among gaps; read
	 * without the lock.
	 */
	private volatile @Nullable SignalTaker[] loops = {};

	private @Nullable PendingSignal oldest;

	private @Nullable PendingSignal newest;

	private @Nullable SignalFd signalFd;

	/** How many loops watch the signalfd. */
	private int watching;

	/** A bit for each signal that the signalfd accepts, the lowest for number 1. */
	private long accepted;

	/** Reads those that end the process, while they come by signalfd. */
	private @Nullable SignalReader reader;

	/** How many loops need the reader. */
	private int reading;

	/** A bit for each signal that the signalfd of the reader accepts. */
	private long acceptedByReader;

	/** Whether the next signal that ends the process does so at once. */
	private boolean impatient;

	/** Whether one does. */
	private final AtomicBoolean halting = new AtomicBoolean();

	/**
	 * How long the signal has waited by which the process ends; read without the lock.
	 */
	private volatile long exitDelayNanos;

	/** Whether the signalfd could not be made to accept all that it has to. */
	private boolean acceptanceDue;

	/** Whether the signalfd may hold signals that it has read and not passed on. */
	private boolean readDue;

	/** A bit for each signal that the JVM has relayed and that is not in the list yet. */
	private final AtomicLong relayed = new AtomicLong();

	/**
	 * Returns the signalfd, opened if it is not open, to be given back with
	 * {@link #closeSignalFd()}.
	 * @param opening opens one that accepts no signal
	 */
	synchronized SignalFd openSignalFd(Supplier<SignalFd> opening) {
		SignalFd fd = this.signalFd;
		if (fd == null) {
			fd = opening.get();
			this.accepted = 0;
			this.signalFd = fd;
		}
		this.watching++;
		return fd;
	}

	/** Closes the signalfd when the last that has opened it does. */
	void closeSignalFd() {
		SignalFd unused;
		synchronized (this) {
			this.watching--;
			if (this.watching > 0) {
				return;
			}
			unused = this.signalFd;
			this.signalFd = null;
			this.readDue = false;
		}
		if (unused != null) {
			unused.close();
		}
	}

	/**
	 * Takes what the signalfd has, for all loops.
	 * @param fd what {@link #openSignalFd} returned
	 */
	void read(SignalFd fd) {
		try {
			synchronized (this) {
				if (fd == this.signalFd) {
					take(fd);
				}
			}
		}
		finally {
			wakeLoops();
		}
	}

	private void take(SignalFd fd) {
		try {
			fd.take(this.arrival);
			this.readDue = false;
		}
		catch (OutOfMemoryError ex) {
			this.readDue = true;
			// All loops look again.
			for (SignalTaker loop : this.loops) {
				if (loop != null) {
					loop.workAdded();
				}
			}
		}
	}

	/**
	 * Has the signals that end the process read apart from the loops, until
	 * {@link #closeReader()} is called as often.
	 * @param signalFd opens one that accepts no signal
	 * @param eventFd opens what ends the wait for it
	 */
	synchronized void openReader(Supplier<SignalFd> signalFd, Supplier<EventFd> eventFd) {
		if (this.reader == null) {
			this.reader = new SignalReader(signalFd, eventFd, this::readExiting);
			this.acceptedByReader = 0;
		}
		this.reading++;
	}

	void closeReader() {
		SignalReader unused;
		synchronized (this) {
			this.reading--;
			if (this.reading > 0 || this.impatient) {
				return;
			}
			unused = this.reader;
			this.reader = null;
		}
		if (unused != null) {
			unused.close();
		}
	}

	/** Called on the thread of the reader. */
	private void readExiting(SignalFd fd) {
		List<SharedSignal> taken = new ArrayList<>(Long.SIZE);
		boolean again;
		try {
			synchronized (this) {
				again = isAgain();
				takeExiting(fd, taken);
			}
		}
		finally {
			wakeLoops();
		}
		taken.forEach((shared) -> followApart(shared, again));
	}

	/** Follows on a thread of its own, if there can be one. */
	private void followApart(SharedSignal shared, boolean again) {
		try {
			Thread thread = Affinity.thread(() -> follow(shared, again), shared.signal() + " handler");
			thread.setDaemon(true);
			thread.start();
		}
		catch (OutOfMemoryError ex) {
			follow(shared, again);
		}
	}

	private void takeExiting(SignalFd fd, List<SharedSignal> taken) {
		try {
			fd.take((info) -> {
				taken.add(shared(info.signal()));
				arrived(info);
			});
		}
		catch (OutOfMemoryError ex) {
			// Which of them have come is not known.
			change(this.acceptedByReader, 0);
			for (SignalTaker loop : this.loops) {
				if (loop != null) {
					loop.workAdded();
				}
			}
		}
	}

	/**
	 * Has a loop get a signal. If that throws, it does not get it.
	 * @throws UnusableSignalException if the JVM does not hand the signal out
	 */
	void subscribe(SignalSubscription subscription) {
		StackReserve.require();
		try {
			synchronized (this) {
				SharedSignal shared = shared(subscription.signal());
				@Nullable SignalTaker[] all = with(subscription.loop());
				boolean done = false;
				shared.add(subscription);
				try {
					receive(shared, subscription);
					done = true;
				}
				finally {
					if (!done) {
						shared.remove(subscription);
					}
				}
				this.loops = all;
				subscription.loop().subscribed(1);
				settle(shared);
			}
		}
		finally {
			wakeLoops();
		}
	}

	private SharedSignal shared(Signal signal) {
		SharedSignal shared = this.signals[signal.number()];
		if (shared == null) {
			shared = new SharedSignal(signal);
			this.signals[signal.number()] = shared;
		}
		return shared;
	}

	private @Nullable SignalTaker[] with(SignalTaker loop) {
		@Nullable SignalTaker[] known = this.loops;
		if (Arrays.asList(known).contains(loop)) {
			return known;
		}
		@Nullable SignalTaker[] present = Arrays.stream(known).filter(Objects::nonNull).toArray(SignalTaker[]::new);
		@Nullable SignalTaker[] all = Arrays.copyOf(present, present.length + 1);
		all[present.length] = loop;
		return all;
	}

	private void receive(SharedSignal shared, SignalSubscription subscription) {
		if (subscription.way() == SignalMode.SIGNALFD) {
			accept();
		}
		else {
			shared.relay(() -> relayed(shared));
		}
	}

	/** Has a loop not get a signal any more, which needs no memory. */
	void unsubscribe(SignalSubscription subscription) {
		StackReserve.require();
		SignalTaker loop = subscription.loop();
		try {
			synchronized (this) {
				SharedSignal shared = shared(subscription.signal());
				shared.remove(subscription);
				if (loop.subscribed(-1) == 0) {
					forget(loop);
				}
				settle(shared);
				endBy(loop, shared);
				update(loop);
				restore(shared);
			}
		}
		finally {
			wakeLoops();
		}
	}

	private void forget(SignalTaker loop) {
		@Nullable SignalTaker[] all = this.loops;
		for (int i = 0; i < all.length; i++) {
			if (all[i] == loop) {
				all[i] = null;
			}
		}
		this.loops = all;
	}

	/**
	 * Follows up on a change of the sources of a signal, which is not to be if that
	 * throws: they may be more, or enabled.
	 */
	void widened(SignalSubscription subscription) {
		StackReserve.require();
		try {
			synchronized (this) {
				accept();
				settle(shared(subscription.signal()));
			}
		}
		finally {
			wakeLoops();
		}
	}

	/** Follows up on a change of the sources of a signal: fewer are enabled. */
	void narrowed(SignalSubscription subscription) {
		StackReserve.require();
		try {
			synchronized (this) {
				settle(shared(subscription.signal()));
			}
		}
		finally {
			wakeLoops();
		}
	}

	/** Has a loop take part, if it does not. */
	void join(SignalTaker loop) {
		StackReserve.require();
		try {
			synchronized (this) {
				if (!loop.isPartOfHub()) {
					rejoin(loop);
				}
			}
		}
		finally {
			wakeLoops();
		}
	}

	private void rejoin(SignalTaker loop) {
		for (SharedSignal shared : this.signals) {
			if (shared != null && shared.isRelayedTo(loop)) {
				shared.relay(() -> relayed(shared));
			}
		}
		loop.partOfHub(true);
		settleAll(loop);
	}

	/**
	 * Has a loop that has failed, or is closed, take no part any more. Its subscriptions
	 * stay.
	 */
	void leave(SignalTaker loop) {
		StackReserve.require();
		try {
			synchronized (this) {
				loop.partOfHub(false);
				settleAll(loop);
				for (SharedSignal shared : this.signals) {
					if (shared != null && shared.of(loop) != null) {
						endBy(loop, shared);
						restore(shared);
					}
				}
			}
		}
		finally {
			wakeLoops();
		}
	}

	private void restore(SharedSignal shared) {
		if (!this.impatient) {
			shared.restoreUnlessRelayed();
		}
	}

	private void settleAll(SignalTaker loop) {
		for (SharedSignal shared : this.signals) {
			if (shared != null && shared.of(loop) != null) {
				settle(shared);
			}
		}
	}

	/** Returns how long the signal has waited by which the process ends, or 0. */
	long exitDelayNanos() {
		return this.exitDelayNanos;
	}

	/** Returns how many of a signal have come that some loop has to handle still. */
	synchronized int pending(Signal signal) {
		SharedSignal shared = this.signals[signal.number()];
		return (shared != null) ? shared.pending() : 0;
	}

	/**
	 * Takes the oldest signal that a loop owes, and notes for it whether the process is
	 * to end. To be called on the loop's thread, which calls {@link #end} when it has
	 * handled the signal.
	 * @return the signal, or {@code null} if it owes none
	 */
	@Nullable PendingSignal begin(SignalTaker loop) {
		try {
			synchronized (this) {
				takeRelayed();
				retry();
				PendingSignal owed = oldestOwedBy(loop);
				if (owed != null) {
					owed.begin(loop);
				}
				update(loop);
				return owed;
			}
		}
		finally {
			wakeLoops();
		}
	}

	/** Does what could not be done before for want of memory. */
	private void retry() {
		SignalFd fd = this.signalFd;
		if (this.readDue && fd != null) {
			take(fd);
		}
		if (this.acceptanceDue) {
			acceptIfPossible();
		}
	}

	private @Nullable PendingSignal oldestOwedBy(SignalTaker loop) {
		PendingSignal some = this.oldest;
		while (some != null) {
			PendingSignal newer = some.newer;
			if (some.isOwedBy(loop)) {
				return some;
			}
			if (some.isFree() && some.isEnding() && some.shared().isServedBy(loop)) {
				remove(some);
				loop.exitBy(some.shared().signal());
			}
			some = newer;
		}
		return null;
	}

	/**
	 * Ends what {@link #begin} began.
	 * @param handled whether a source was enabled and its handler has run
	 * @param vetoed whether a source keeps the process from ending
	 */
	void end(SignalTaker loop, PendingSignal pending, boolean handled, boolean vetoed) {
		try {
			synchronized (this) {
				SharedSignal shared = pending.shared();
				pending.end(handled, vetoed);
				if (pending.isFree() && pending.isHandled()) {
					remove(pending);
					if (pending.isEnding()) {
						loop.exitBy(shared.signal());
					}
					if (shared.pending() == MOST_PENDING - 1) {
						acceptIfPossible();
					}
				}
				if (pending.isFree() && !pending.isHandled() || shared.isExiting()) {
					settle(shared);
				}
			}
		}
		finally {
			wakeLoops();
		}
	}

	/** Called on a thread of the JVM, where what is thrown is lost. */
	private void relayed(SharedSignal shared) {
		change(bit(shared.signal()), 0);
		// From here on it is found by each loop that looks again.
		for (SignalTaker loop : this.loops) {
			if (loop != null) {
				loop.workAdded();
			}
		}
		boolean again;
		try {
			synchronized (this) {
				again = isAgain();
				takeRelayed();
			}
		}
		finally {
			wakeLoops();
		}
		if (shared.isExiting()) {
			followApart(shared, again);
		}
	}

	/** Whether a signal that ends the process finds another waiting for its handlers. */
	private boolean isAgain() {
		boolean again = this.impatient;
		for (PendingSignal some = this.oldest; some != null; some = some.newer) {
			again |= some.isHeldUp() && some.ageNanos() >= SENT_TWICE_NANOS;
		}
		return again;
	}

	/**
	 * Sees to it that a signal that has come ends the process when that is due, also
	 * where the loops do not come to it.
	 * @param again whether that is at once
	 */
	private void follow(SharedSignal shared, boolean again) {
		Signal signal = shared.signal();
		if (again && !this.halting.getAndSet(true)) {
			endAtOnce(signal);
		}
		End end;
		SignalTaker ender = null;
		synchronized (this) {
			end = awaitEnd(shared);
			if (end != End.NONE) {
				ender = shared.ender();
			}
			if (ender != null) {
				ender.exitBy(signal);
			}
		}
		if (ender != null) {
			ender.exitIfDue();
		}
		else if (end != End.NONE) {
			// The last loop has left while the JVM was about to relay the signal.
			JvmSignalHandler.raise(signal);
		}
		if (end == End.OVERDUE) {
			tellHandlers(shared);
		}
	}

	/** Waits for the handlers of a signal, if it has any, and for the loop that ends. */
	private End awaitEnd(SharedSignal shared) {
		if (removeEnding(shared, false)) {
			return End.DUE;
		}
		try {
			for (PendingSignal some = heldUp(shared); some != null; some = heldUp(shared)) {
				long left = shared.exitTimeoutNanos() - some.ageNanos();
				if (left <= 0) {
					this.exitDelayNanos = some.ageNanos();
					some.overdue();
					if (some.isFree()) {
						remove(some);
					}
					return End.OVERDUE;
				}
				TimeUnit.NANOSECONDS.timedWait(this, left);
			}
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
		}
		return End.NONE;
	}

	private @Nullable PendingSignal heldUp(SharedSignal shared) {
		for (PendingSignal some = this.oldest; some != null; some = some.newer) {
			if (some.shared() == shared && some.isHeldUp() && !some.isOverdue()) {
				return some;
			}
		}
		return null;
	}

	private void tellHandlers(SharedSignal shared) {
		List<SignalTaker> takers = new ArrayList<>();
		synchronized (this) {
			for (SignalSubscription some = shared.first(); some != null; some = some.next) {
				takers.add(some.loop());
			}
		}
		String handlers = takers.stream().map(SignalHub::tellHandler).collect(Collectors.joining());
		logger.warn("%s ends the application before its own handlers have run%s".formatted(shared.signal(), handlers));
	}

	private static String tellHandler(SignalTaker loop) {
		RunningHandler handler = loop.runningHandler();
		return (handler != null) ? ", as a handler%s has not returned: %s".formatted(loop.name().on(), handler) : "";
	}

	/** Ends the process, after a moment to say what is left. */
	private void endAtOnce(Signal signal) {
		try {
			Thread telling = Affinity.thread(() -> {
				for (SignalTaker loop : this.loops) {
					if (loop != null) {
						loop.abandon();
					}
				}
			}, "mainloop-exit");
			telling.setDaemon(true);
			telling.start();
			telling.join(LAST_WORDS_MILLIS);
		}
		catch (InterruptedException | OutOfMemoryError ex) {
			logger.debug("What is left is not told", ex);
		}
		finally {
			Runtime.getRuntime().halt(EXIT_CODE_OF_SIGNAL + signal.number());
		}
	}

	/**
	 * Has the next signal that ends the process do so at once, also one that no loop has
	 * a source for.
	 * @param loop a loop that does not stop
	 */
	synchronized void haltBySignals(SignalTaker loop) {
		this.loops = with(loop);
		this.impatient = true;
		if (JvmSignalHandler.isServed()) {
			for (String name : SharedSignal.EXITING) {
				SharedSignal shared = shared(Signal.of(name));
				shared.relay(() -> relayed(shared));
			}
		}
	}

	private void takeRelayed() {
		long bits = this.relayed.get();
		while (bits != 0) {
			long bit = Long.lowestOneBit(bits);
			SharedSignal shared = this.signals[Long.numberOfTrailingZeros(bit) + 1];
			try {
				arrived(SignalInfo.of(Objects.requireNonNull(shared).signal()));
			}
			catch (OutOfMemoryError ex) {
				// Its bit stays, and the loops look again.
				return;
			}
			change(0, bit);
			bits &= ~bit;
		}
	}

	/** Sets and clears bits of the signals that were relayed, without memory. */
	private void change(long set, long cleared) {
		long before;
		do {
			before = this.relayed.get();
		}
		while (!this.relayed.compareAndSet(before, before & ~cleared | set));
	}

	private static long bit(Signal signal) {
		return 1L << (signal.number() - 1);
	}

	/** Adds a signal to the list, unless it is one with another there. */
	private void arrived(SignalInfo info) {
		SharedSignal shared = shared(info.signal());
		PendingSignal added = new PendingSignal(shared, info);
		if (isOne(added)) {
			return;
		}
		append(added);
		for (SignalSubscription some = shared.first(); some != null; some = some.next) {
			if (!some.loop().hasWork()) {
				update(some.loop());
			}
		}
		if (shared.pending() == MOST_PENDING) {
			acceptIfPossible();
		}
	}

	/**
	 * Finds who owes a signal that comes.
	 * @return whether it is nothing new to anybody, as a standard signal is that waits
	 */
	private boolean isOne(PendingSignal added) {
		SharedSignal shared = added.shared();
		boolean standard = !shared.signal().isRealTime();
		@Nullable SignalSubscription[] owing = new @Nullable SignalSubscription[shared.size()];
		int count = 0;
		boolean one = false;
		for (SignalSubscription some = shared.first(); some != null; some = some.next) {
			if (some.takes()) {
				if (standard && isOwedBy(shared, some.loop())) {
					one = true;
				}
				else {
					owing[count] = some;
					count++;
				}
			}
		}
		added.owe(owing, count);
		return count == 0 && (one || standard && hasFree(shared));
	}

	private boolean isOwedBy(SharedSignal shared, SignalTaker loop) {
		for (PendingSignal some = this.oldest; some != null; some = some.newer) {
			if (some.shared() == shared && some.isOwedBy(loop)) {
				return true;
			}
		}
		return false;
	}

	private boolean hasFree(SharedSignal shared) {
		for (PendingSignal some = this.oldest; some != null; some = some.newer) {
			if (some.shared() == shared && some.isFree() && !some.isHandled()) {
				return true;
			}
		}
		return false;
	}

	private void append(PendingSignal added) {
		PendingSignal last = this.newest;
		added.older = last;
		if (last == null) {
			this.oldest = added;
		}
		else {
			last.newer = added;
		}
		this.newest = added;
		added.shared().pending(1);
	}

	private void remove(PendingSignal removed) {
		if (removed.isEnding()) {
			this.exitDelayNanos = removed.ageNanos();
		}
		PendingSignal older = removed.older;
		PendingSignal newer = removed.newer;
		if (older == null) {
			this.oldest = newer;
		}
		else {
			older.newer = newer;
		}
		if (newer == null) {
			this.newest = older;
		}
		else {
			newer.older = older;
		}
		removed.older = null;
		removed.newer = null;
		removed.shared().pending(-1);
		if (removed.shared().isExiting()) {
			notifyAll();
		}
	}

	/** Finds anew who owes what has come of a signal. */
	private void settle(SharedSignal shared) {
		PendingSignal some = this.oldest;
		while (some != null) {
			PendingSignal newer = some.newer;
			if (some.shared() == shared) {
				some.letOff();
				if (some.isFree()) {
					settleFree(some);
				}
			}
			some = newer;
		}
		acceptIfPossible();
		if (shared.isExiting()) {
			notifyAll();
		}
		for (SignalSubscription sub = shared.first(); sub != null; sub = sub.next) {
			update(sub.loop());
		}
	}

	private void settleFree(PendingSignal free) {
		SharedSignal shared = free.shared();
		SignalSubscription taker = shared.taker();
		if (free.isHandled()) {
			if (!free.isEnding()) {
				remove(free);
			}
		}
		else if (free.isOverdue()) {
			remove(free);
		}
		else if (taker != null) {
			if (!shared.signal().isRealTime() && isOwedBy(shared, taker.loop())) {
				remove(free);
			}
			else {
				free.owe(taker.alone(), 1);
			}
		}
	}

	/** Has a loop that leaves end the process, where no other is left that would. */
	private void endBy(SignalTaker loop, SharedSignal shared) {
		if (shared.isExiting() && !shared.isServed() && removeEnding(shared, true)) {
			loop.exitBy(shared.signal());
		}
	}

	/**
	 * Removes what is to end the process.
	 * @param handled whether also what a loop has handled, which comes to it again
	 * @return {@code true} if there was any
	 */
	private boolean removeEnding(SharedSignal shared, boolean handled) {
		boolean removed = false;
		PendingSignal some = this.oldest;
		while (some != null) {
			PendingSignal newer = some.newer;
			if (some.shared() == shared && some.isFree() && some.isEnding() && (handled || !some.isHandled())) {
				remove(some);
				removed = true;
			}
			some = newer;
		}
		return removed;
	}

	/** Notes whether a loop has something to do. */
	private void update(SignalTaker loop) {
		loop.work(this.readDue || this.acceptanceDue || isAwaited(loop));
		// Who sets a bit after this says itself that there is work.
		if (this.relayed.get() != 0) {
			loop.workAdded();
		}
	}

	private boolean isAwaited(SignalTaker loop) {
		for (PendingSignal some = this.oldest; some != null; some = some.newer) {
			if (some.isOwedBy(loop) || some.isFree() && some.isEnding() && some.shared().isServedBy(loop)) {
				return true;
			}
		}
		return false;
	}

	/**
	 * Has the signalfd accept what it has to, now or at the next look if that fails. What
	 * it then accepts and should not waits here.
	 */
	private void acceptIfPossible() {
		try {
			accept();
		}
		catch (ErrnoException | OutOfMemoryError ex) {
			this.acceptanceDue = (wanted() & ~(this.accepted | this.acceptedByReader)) != 0;
		}
	}

	private void accept() {
		SignalFd fd = this.signalFd;
		SignalReader source = this.reader;
		long wanted = wanted();
		long wantedByReader = (source != null) ? wanted & EXITING : 0;
		if (source != null && wantedByReader != this.acceptedByReader) {
			source.signalFd().accept(signals(wantedByReader));
			this.acceptedByReader = wantedByReader;
		}
		long wantedByLoops = wanted & ~wantedByReader;
		if (fd != null && wantedByLoops != this.accepted) {
			fd.accept(signals(wantedByLoops));
			this.accepted = wantedByLoops;
		}
		this.acceptanceDue = false;
	}

	private long wanted() {
		long wanted = 0;
		for (SharedSignal shared : this.signals) {
			if (shared != null && shared.pending() < MOST_PENDING && shared.isWanted(this.reader != null)) {
				wanted |= bit(shared.signal());
			}
		}
		return wanted;
	}

	private List<Signal> signals(long bits) {
		List<Signal> list = new ArrayList<>(Long.bitCount(bits));
		for (SharedSignal shared : this.signals) {
			if (shared != null && (bits & bit(shared.signal())) != 0) {
				list.add(shared.signal());
			}
		}
		return list;
	}

	/** Wakes the loops that have something to do. */
	private void wakeLoops() {
		for (SignalTaker loop : this.loops) {
			if (loop != null && loop.hasWork()) {
				loop.wakeUp();
			}
		}
	}

	/** How a signal ends the process. */
	private enum End {

		/** It does not, or the loop that has handled it does that. */
		NONE,

		/** Now, as nobody is to handle it. */
		DUE,

		/** Now, as its handlers have not run in time. */
		OVERDUE

	}

}

package dev.mainloop;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import java.util.function.Supplier;

import dev.mainloop.fd.Signal;
import dev.mainloop.fd.SignalFd;
import dev.mainloop.fd.SignalInfo;
import dev.mainloop.libc.ErrnoException;
import dev.mainloop.libc.StackReserve;
import org.jspecify.annotations.Nullable;

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
 * is enabled or paused.
 *
 * <h2>Threads</h2> All fields are guarded by the lock of this object, unless they say
 * otherwise. It may be taken with the locks of a source, of {@link SignalTaker} and of a
 * loop held, and nothing is locked under it but the signalfd's buffer. No handler, no
 * wake-up and no other code of the application is called under it.
 */
final class SignalHub {

	/** How many of a signal wait here at most, give or take one read of the signalfd. */
	static final int MOST_PENDING = 64;

	private static final int NUMBERS = 64;

	private final @Nullable SharedSignal[] signals = new @Nullable SharedSignal[NUMBERS + 1];

	private final Consumer<SignalInfo> arrival = this::arrived;

	/** Those that have a subscription, among gaps; read without the lock. */
	private volatile @Nullable SignalTaker[] loops = {};

	private @Nullable PendingSignal oldest;

	private @Nullable PendingSignal newest;

	private @Nullable SignalFd signalFd;

	/** How many loops watch the signalfd. */
	private int watching;

	/** A bit for each signal that the signalfd accepts, the lowest for number 1. */
	private long accepted;

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
				shared.restoreUnlessRelayed();
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
						shared.restoreUnlessRelayed();
					}
				}
			}
		}
		finally {
			wakeLoops();
		}
	}

	private void settleAll(SignalTaker loop) {
		for (SharedSignal shared : this.signals) {
			if (shared != null && shared.of(loop) != null) {
				settle(shared);
			}
		}
	}

	/** Returns how many of a signal have come that some loop has to handle still. */
	synchronized int pending(Signal signal) {
		SharedSignal shared = this.signals[signal.number()];
		return (shared != null) ? shared.pending() : 0;
	}

	/** Whether a loop takes part in a signal. */
	synchronized boolean isServed(Signal signal) {
		SharedSignal shared = this.signals[signal.number()];
		return shared != null && shared.isServed();
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
		change(bit(shared), 0);
		// From here on it is found by each loop that looks again.
		for (SignalTaker loop : this.loops) {
			if (loop != null) {
				loop.workAdded();
			}
		}
		boolean unserved;
		try {
			synchronized (this) {
				takeRelayed();
				unserved = shared.isExiting() && !shared.isServed() && removeEnding(shared);
			}
		}
		finally {
			wakeLoops();
		}
		if (unserved) {
			// The last loop has left while the JVM was about to relay the signal.
			JvmSignalHandler.raise(shared.signal());
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

	private static long bit(SharedSignal shared) {
		return 1L << (shared.signal().number() - 1);
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
		if (shared.isExiting() && !shared.isServed() && removeEnding(shared)) {
			loop.exitBy(shared.signal());
		}
	}

	private boolean removeEnding(SharedSignal shared) {
		boolean removed = false;
		PendingSignal some = this.oldest;
		while (some != null) {
			PendingSignal newer = some.newer;
			if (some.shared() == shared && some.isFree() && some.isEnding()) {
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
			this.acceptanceDue = (wanted() & ~this.accepted) != 0;
		}
	}

	private void accept() {
		SignalFd fd = this.signalFd;
		long wanted = wanted();
		if (fd != null && wanted != this.accepted) {
			fd.accept(signals(wanted));
			this.accepted = wanted;
		}
		this.acceptanceDue = false;
	}

	private long wanted() {
		long wanted = 0;
		for (SharedSignal shared : this.signals) {
			if (shared != null && shared.pending() < MOST_PENDING && shared.isWanted()) {
				wanted |= bit(shared);
			}
		}
		return wanted;
	}

	private List<Signal> signals(long bits) {
		List<Signal> list = new ArrayList<>(Long.bitCount(bits));
		for (SharedSignal shared : this.signals) {
			if (shared != null && (bits & bit(shared)) != 0) {
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

}

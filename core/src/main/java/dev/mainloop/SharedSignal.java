package dev.mainloop;

import java.util.Set;

import dev.mainloop.fd.Signal;
import org.jspecify.annotations.Nullable;

/**
 * A signal as the loops of the process share it. Guarded by the lock of the
 * {@link SignalHub}.
 */
final class SharedSignal {

	/** The signals that end the process unless a handler vetoes that. */
	static final Set<String> EXITING = Set.of("SIGTERM", "SIGINT");

	private final Signal signal;

	private final boolean exiting;

	/** The subscriptions in the order in which they came, each with the one after it. */
	private @Nullable SignalSubscription first;

	private int size;

	private int pending;

	/** What the JVM did with it before it relayed it, while it does. */
	private @Nullable JvmSignalHandler before;

	SharedSignal(Signal signal) {
		this.signal = signal;
		this.exiting = EXITING.contains(signal.name());
	}

	Signal signal() {
		return this.signal;
	}

	boolean isExiting() {
		return this.exiting;
	}

	int size() {
		return this.size;
	}

	@Nullable SignalSubscription first() {
		return this.first;
	}

	void add(SignalSubscription added) {
		added.next = null;
		this.size++;
		if (this.first == null) {
			this.first = added;
			return;
		}
		SignalSubscription last = this.first;
		while (last.next != null) {
			last = last.next;
		}
		last.next = added;
	}

	void remove(SignalSubscription removed) {
		SignalSubscription before = null;
		for (SignalSubscription some = this.first; some != null; some = some.next) {
			if (some == removed) {
				this.size--;
				if (before == null) {
					this.first = some.next;
				}
				else {
					before.next = some.next;
				}
				return;
			}
			before = some;
		}
	}

	/** Returns how many of it wait for loops. */
	int pending() {
		return this.pending;
	}

	void pending(int change) {
		this.pending += change;
	}

	/** Returns the first subscription that takes it, or {@code null} if none does. */
	@Nullable SignalSubscription taker() {
		for (SignalSubscription some = this.first; some != null; some = some.next) {
			if (some.takes()) {
				return some;
			}
		}
		return null;
	}

	/** Whether a source is to have it before it ends the process. */
	boolean isKept() {
		for (SignalSubscription some = this.first; some != null; some = some.next) {
			if (some.keeps()) {
				return true;
			}
		}
		return false;
	}

	boolean isVetoed() {
		for (SignalSubscription some = this.first; some != null; some = some.next) {
			if (some.vetoes()) {
				return true;
			}
		}
		return false;
	}

	/** Whether a loop takes part. */
	boolean isServed() {
		for (SignalSubscription some = this.first; some != null; some = some.next) {
			if (some.isServing()) {
				return true;
			}
		}
		return false;
	}

	boolean isServedBy(SignalTaker loop) {
		return loop.isServing() && of(loop) != null;
	}

	/** Returns the subscription of a loop, or {@code null} if it has none. */
	@Nullable SignalSubscription of(SignalTaker loop) {
		for (SignalSubscription some = this.first; some != null; some = some.next) {
			if (some.loop() == loop) {
				return some;
			}
		}
		return null;
	}

	boolean isRelayedTo(SignalTaker loop) {
		SignalSubscription subscription = of(loop);
		return subscription != null && subscription.way() == SignalMode.RELAY;
	}

	/**
	 * Returns the loop that ends the process by it: one that takes part, or else one by
	 * whose signalfd it comes, as the JVM does not have it then.
	 * @return the loop, or {@code null} if it is left to the JVM
	 */
	@Nullable SignalTaker ender() {
		SignalTaker unserved = null;
		for (SignalSubscription some = this.first; some != null; some = some.next) {
			if (some.isServing()) {
				return some.loop();
			}
			if (some.way() == SignalMode.SIGNALFD) {
				unserved = some.loop();
			}
		}
		return unserved;
	}

	/** Returns how long it waits for handlers before it ends the process. */
	long exitTimeoutNanos() {
		long longest = 0;
		for (SignalSubscription some = this.first; some != null; some = some.next) {
			longest = Math.max(longest, some.loop().exitTimeoutNanos());
		}
		return longest;
	}

	/**
	 * Whether a signalfd has to take it for somebody.
	 * @param unserved whether to take one that ends the process also while no loop takes
	 * part
	 */
	boolean isWanted(boolean unserved) {
		boolean ending = false;
		for (SignalSubscription some = this.first; some != null; some = some.next) {
			if (some.way() == SignalMode.SIGNALFD) {
				if (some.takes()) {
					return true;
				}
				ending |= unserved || some.isServing();
			}
		}
		return ending && this.exiting && !isKept();
	}

	/**
	 * Has the JVM relay it, if it does not.
	 * @param action what it does on a thread of its own
	 * @throws UnusableSignalException if the JVM does not hand the signal out
	 */
	void relay(Runnable action) {
		if (this.before == null) {
			try {
				this.before = JvmSignalHandler.replace(this.signal, action);
			}
			catch (IllegalArgumentException ex) {
				throw new UnusableSignalException(this.signal, "the JVM does not hand it out (" + ex.getMessage() + ")",
						BlockedSignals.remedy(this.signal));
			}
		}
	}

	/**
	 * Has the JVM do what it did before, unless it has to relay it still. One that ends
	 * the process is left to the JVM while no loop takes part; another would end it if it
	 * were, and waits.
	 */
	void restoreUnlessRelayed() {
		JvmSignalHandler handler = this.before;
		if (handler != null && !isRelayed()) {
			handler.restore();
			this.before = null;
		}
	}

	private boolean isRelayed() {
		for (SignalSubscription some = this.first; some != null; some = some.next) {
			if (some.way() == SignalMode.RELAY && (!this.exiting || some.isServing())) {
				return true;
			}
		}
		return false;
	}

}

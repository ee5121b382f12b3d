package dev.mainloop;

import dev.mainloop.fd.SignalInfo;
import org.jspecify.annotations.Nullable;

/**
 * A signal that has come and that some loop has to handle still. Changes with the lock of
 * the {@link SignalHub} held, none of which needs memory.
 */
final class PendingSignal {

	private static final SignalSubscription[] NOBODY = {};

	private final SharedSignal shared;

	private final SignalInfo info;

	/** The neighbours in the list of the hub. */
	@Nullable PendingSignal older;

	@Nullable PendingSignal newer;

	/** Those that have to handle it and have not begun, among gaps. */
	private @Nullable SignalSubscription[] owing;

	private int owed;

	private int handling;

	private boolean handled;

	private boolean vetoed;

	private final long cameAt = System.nanoTime();

	/** Whether it has ended the process without its handlers. */
	private boolean overdue;

	PendingSignal(SharedSignal shared, SignalInfo info) {
		this.shared = shared;
		this.info = info;
		this.owing = NOBODY;
	}

	SharedSignal shared() {
		return this.shared;
	}

	SignalInfo info() {
		return this.info;
	}

	/** Has subscriptions owe it, with gaps among them. */
	void owe(@Nullable SignalSubscription[] subscriptions, int count) {
		this.owing = subscriptions;
		this.owed = count;
	}

	boolean isOwedBy(SignalTaker loop) {
		for (SignalSubscription subscription : this.owing) {
			if (subscription != null && subscription.loop() == loop) {
				return true;
			}
		}
		return false;
	}

	/** Lets those off that do not take the signal any more. */
	void letOff() {
		for (int i = 0; i < this.owing.length; i++) {
			SignalSubscription subscription = this.owing[i];
			if (subscription != null && !subscription.takes()) {
				disown(i);
			}
		}
	}

	/** Has the handlers of a loop begun. */
	void begin(SignalTaker loop) {
		for (int i = 0; i < this.owing.length; i++) {
			SignalSubscription subscription = this.owing[i];
			if (subscription != null && subscription.loop() == loop) {
				disown(i);
				this.handling++;
			}
		}
	}

	private void disown(int index) {
		this.owed--;
		if (this.owed == 0) {
			// It may be an array that is not its own.
			this.owing = NOBODY;
		}
		else {
			this.owing[index] = null;
		}
	}

	/** Has the handlers of a loop ended, those that were enabled. */
	void end(boolean handled, boolean vetoed) {
		this.handling--;
		this.handled |= handled;
		this.vetoed |= vetoed;
	}

	/** Whether nobody owes it or is handling it. */
	boolean isFree() {
		return this.owed == 0 && this.handling == 0;
	}

	boolean isHandled() {
		return this.handled;
	}

	/** Whether it is to end the process and waits for a loop, and nobody vetoes that. */
	boolean isHeldUp() {
		return isEnding() || this.shared.isExiting() && !isFree() && !this.vetoed && !this.shared.isVetoed();
	}

	/** Returns for how long it has waited. */
	long ageNanos() {
		return System.nanoTime() - this.cameAt;
	}

	/** Notes that it has ended the process without its handlers. */
	void overdue() {
		this.overdue = true;
	}

	boolean isOverdue() {
		return this.overdue;
	}

	/** Whether it ends the process, once it is free. */
	boolean isEnding() {
		return this.shared.isExiting() && !this.overdue
				&& (this.handled ? !this.vetoed && !this.shared.isVetoed() : !this.shared.isKept());
	}

}

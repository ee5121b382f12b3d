package dev.mainloop;

import java.util.Arrays;
import java.util.Objects;

import dev.mainloop.fd.Signal;
import org.jspecify.annotations.Nullable;

/**
 * What a loop has of a signal: the way by which it comes, and the sources that handle it.
 * Sources come and go with the lock of their {@link LoopSignals} held; any thread may
 * read them.
 */
final class SignalSubscription {

	private final SignalTaker loop;

	private final Signal signal;

	private final SignalMode way;

	private final SignalSubscription[] alone = { this };

	/** The one that follows it, guarded by the lock of the {@link SignalHub}. */
	@Nullable SignalSubscription next;

	/** In the order of registration; one that is closed leaves {@code null} behind. */
	private volatile @Nullable SignalSource[] sources = {};

	/** Whether it stays when its last source is closed; guarded as the sources are. */
	private boolean takenOver;

	SignalSubscription(SignalTaker loop, Signal signal, SignalMode way) {
		this.loop = loop;
		this.signal = signal;
		this.way = way;
	}

	SignalTaker loop() {
		return this.loop;
	}

	Signal signal() {
		return this.signal;
	}

	SignalMode way() {
		return this.way;
	}

	/** Returns itself as the only one of those that owe a signal; not to be changed. */
	SignalSubscription[] alone() {
		return this.alone;
	}

	@Nullable SignalSource[] sources() {
		return this.sources;
	}

	void add(SignalSource source) {
		@Nullable SignalSource[] present = Arrays.stream(this.sources).filter(Objects::nonNull).toArray(SignalSource[]::new);
		@Nullable SignalSource[] all = Arrays.copyOf(present, present.length + 1);
		all[present.length] = source;
		this.sources = all;
	}

	/**
	 * Removes a source, which needs no memory.
	 * @return {@code false} if it was not there
	 */
	boolean remove(SignalSource source) {
		@Nullable SignalSource[] all = this.sources;
		for (int i = 0; i < all.length; i++) {
			if (all[i] == source) {
				all[i] = null;
				this.sources = all;
				return true;
			}
		}
		return false;
	}

	int size() {
		int size = 0;
		for (SignalSource source : this.sources) {
			if (source != null) {
				size++;
			}
		}
		return size;
	}

	boolean isTakenOver() {
		return this.takenOver;
	}

	void takeOver() {
		this.takenOver = true;
	}

	/** Whether its loop takes part, as it does unless it has failed or is closed. */
	boolean isServing() {
		return this.loop.isServing();
	}

	/** Whether its loop is to get the signal, as a source is enabled. */
	boolean takes() {
		return isServing() && has(EventSource.State.ENABLED);
	}

	/**
	 * Whether the signal is not to end the process before a source has had it, as one is
	 * enabled, held or paused. Those that are disabled do not keep it from that.
	 */
	boolean keeps() {
		return isServing() && has(EventSource.State.PAUSED);
	}

	/** Whether a source is enabled, or in one of the states up to one. */
	private boolean has(EventSource.State last) {
		for (SignalSource source : this.sources) {
			if (source != null && source.state().compareTo(last) <= 0) {
				return true;
			}
		}
		return false;
	}

	/** Whether a source is to keep the signal from ending the process at all. */
	boolean vetoes() {
		if (isServing()) {
			for (SignalSource source : this.sources) {
				if (source != null && vetoes(source)) {
					return true;
				}
			}
		}
		return false;
	}

	static boolean vetoes(SignalSource source) {
		return source.vetoesExit() && source.state().compareTo(EventSource.State.PAUSED) <= 0;
	}

}

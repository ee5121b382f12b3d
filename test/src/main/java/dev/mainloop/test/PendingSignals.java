package dev.mainloop.test;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

import dev.mainloop.fd.Signal;
import dev.mainloop.fd.SignalInfo;

/**
 * The signals that the test has sent and no signalfd has taken, as the kernel keeps them:
 * of a standard signal one, of a real-time signal each.
 */
final class PendingSignals {

	private final List<SignalInfo> pending = new ArrayList<>();

	/** Signals that were accepted once; another would not reach the application. */
	private final Set<Signal> known = new HashSet<>();

	private long sent;

	synchronized void accepted(Set<Signal> signals) {
		this.known.addAll(signals);
	}

	synchronized void send(SignalInfo info) {
		Signal signal = info.signal();
		if (!this.known.contains(signal)) {
			throw new IllegalStateException(
					"No handler takes %s: declare a method with @OnSignal(\"%s\")".formatted(signal, signal));
		}
		this.sent++;
		if (signal.isRealTime() || !isPending(Set.of(signal))) {
			this.pending.add(info);
			this.pending.sort(Comparator.comparing(SignalInfo::signal));
		}
	}

	synchronized boolean isPending(Set<Signal> signals) {
		return this.pending.stream().map(SignalInfo::signal).anyMatch(signals::contains);
	}

	synchronized List<SignalInfo> take(Set<Signal> signals) {
		List<SignalInfo> taken = this.pending.stream().filter((info) -> signals.contains(info.signal())).toList();
		this.pending.removeAll(taken);
		return taken;
	}

	synchronized long sent() {
		return this.sent;
	}

}

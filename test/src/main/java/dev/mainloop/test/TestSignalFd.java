package dev.mainloop.test;

import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;

import dev.mainloop.fd.Signal;
import dev.mainloop.fd.SignalFd;
import dev.mainloop.fd.SignalInfo;
import dev.mainloop.multiplexer.Readiness;

/**
 * A {@link SignalFd} in memory.
 */
final class TestSignalFd extends SignalFd implements Pollable {

	private final PendingSignals pending;

	private volatile Set<Signal> accepted = Set.of();

	TestSignalFd(PendingSignals pending, Collection<Signal> signals) {
		super("signalfd");
		this.pending = pending;
		accept(signals);
	}

	@Override
	public void accept(Collection<Signal> signals) {
		requireOpen();
		this.accepted = Set.copyOf(signals);
		this.pending.accepted(this.accepted);
	}

	@Override
	public int take(Consumer<? super SignalInfo> action) {
		requireOpen();
		List<SignalInfo> taken = this.pending.take(this.accepted);
		taken.forEach(action);
		return taken.size();
	}

	@Override
	public int readiness() {
		return this.pending.isPending(this.accepted) ? Readiness.READABLE : 0;
	}

	@Override
	public long changes() {
		return this.pending.sent();
	}

}

package dev.mainloop;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;

import dev.mainloop.fd.Signal;
import dev.mainloop.fd.SignalInfo;

/**
 * Receives signals through the JVM, which runs its handlers on threads of their own; they
 * pass each signal on to the loop.
 */
final class SignalRelay implements SignalReceiver {

	private final MainLoop loop;

	private final Consumer<SignalInfo> consumer;

	private final Map<Signal, JvmSignalHandler> replaced = new HashMap<>();

	private final Set<Signal> received = new HashSet<>();

	private final List<Signal> held = new ArrayList<>();

	SignalRelay(MainLoop loop, Consumer<SignalInfo> consumer) {
		this.loop = loop;
		this.consumer = consumer;
	}

	@Override
	public synchronized void receive(Signal signal) {
		if (!this.replaced.containsKey(signal)) {
			this.replaced.put(signal, replace(signal));
		}
		this.received.add(signal);
		this.held.removeIf((waiting) -> {
			boolean mine = waiting.equals(signal);
			if (mine) {
				pass(waiting);
			}
			return mine;
		});
	}

	private JvmSignalHandler replace(Signal signal) {
		try {
			return JvmSignalHandler.replace(signal, () -> arrived(signal));
		}
		catch (IllegalArgumentException ex) {
			throw new UnusableSignalException(signal, "the JVM does not hand it out (" + ex.getMessage() + ")",
					BlockedSignals.remedy(signal));
		}
	}

	private synchronized void arrived(Signal signal) {
		if (this.received.contains(signal)) {
			pass(signal);
		}
		else {
			this.held.add(signal);
		}
	}

	private void pass(Signal signal) {
		this.loop.post(() -> this.consumer.accept(SignalInfo.of(signal)));
	}

	@Override
	public synchronized void hold(Signal signal) {
		this.received.remove(signal);
	}

	@Override
	public synchronized void release(Signal signal) {
		this.received.remove(signal);
		this.held.removeIf(signal::equals);
		JvmSignalHandler before = this.replaced.remove(signal);
		if (before != null) {
			before.restore();
		}
	}

	@Override
	public synchronized void close() {
		List.copyOf(this.replaced.keySet()).forEach(this::release);
	}

}

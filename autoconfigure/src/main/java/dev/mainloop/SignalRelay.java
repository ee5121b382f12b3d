package dev.mainloop;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;

import dev.mainloop.fd.Signal;
import dev.mainloop.fd.SignalInfo;

/**
 * Receives signals through the JVM, which runs its handlers on threads of their own; they
 * pass each signal on to the loop. As in the kernel, only one of a number is pending.
 */
final class SignalRelay implements SignalReceiver {

	private final MainLoop loop;

	private final Consumer<SignalInfo> consumer;

	private final Map<Signal, JvmSignalHandler> replaced = new HashMap<>();

	private final Set<Signal> pending = ConcurrentHashMap.newKeySet();

	SignalRelay(MainLoop loop, Consumer<SignalInfo> consumer) {
		this.loop = loop;
		this.consumer = consumer;
	}

	@Override
	public synchronized void receive(Signal signal) {
		if (!this.replaced.containsKey(signal)) {
			this.replaced.put(signal, replace(signal));
		}
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

	private void arrived(Signal signal) {
		if (this.pending.add(signal)) {
			this.loop.post(() -> {
				this.pending.remove(signal);
				this.consumer.accept(SignalInfo.of(signal));
			});
		}
	}

	@Override
	public void hold(Signal signal) {
	}

	@Override
	public synchronized void release(Signal signal) {
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

package dev.mainloop;

import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;

import dev.mainloop.fd.Signal;
import dev.mainloop.fd.SignalInfo;

/**
 * Receives signals through the JVM, which runs its handlers on threads of their own; they
 * pass each signal on to the loop. As in the kernel, only one of a number is pending.
 * <p>
 * The JVM has one handler for a signal, so the loops of a JVM share it: the first takes
 * the place of what was there, and the last to leave puts that back.
 */
final class SignalRelay implements SignalReceiver {

	private static final Map<Signal, Shared> shared = new TreeMap<>();

	private final MainLoop loop;

	private final Consumer<SignalInfo> consumer;

	private final Set<Signal> pending = ConcurrentHashMap.newKeySet();

	SignalRelay(MainLoop loop, Consumer<SignalInfo> consumer) {
		this.loop = loop;
		this.consumer = consumer;
	}

	@Override
	public void receive(Signal signal) {
		synchronized (shared) {
			Shared known = shared.get(signal);
			if (known == null) {
				List<SignalRelay> relays = new CopyOnWriteArrayList<>(List.of(this));
				shared.put(signal, new Shared(replace(signal, relays), relays));
			}
			else if (!known.relays.contains(this)) {
				known.relays.add(this);
			}
		}
	}

	private static JvmSignalHandler replace(Signal signal, List<SignalRelay> relays) {
		try {
			return JvmSignalHandler.replace(signal, () -> relays.forEach((relay) -> relay.arrived(signal)));
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
	public void release(Signal signal) {
		synchronized (shared) {
			Shared known = shared.get(signal);
			if (known != null && known.relays.remove(this) && known.relays.isEmpty()) {
				shared.remove(signal);
				known.before.restore();
			}
		}
	}

	@Override
	public void close() {
		synchronized (shared) {
			List.copyOf(shared.keySet()).forEach(this::release);
		}
	}

	/**
	 * A signal that loops receive.
	 *
	 * @param before what the JVM did with it before
	 * @param relays those that receive it
	 */
	private record Shared(JvmSignalHandler before, List<SignalRelay> relays) {

	}

}

package dev.mainloop;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.IntConsumer;
import java.util.function.Predicate;
import java.util.stream.Collectors;

import dev.mainloop.fd.Signal;
import dev.mainloop.fd.SignalInfo;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;

/**
 * The signals of a loop: who handles each, and by which way it comes.
 * <p>
 * Registrations change under the lock of this object, by any thread. Signals are
 * delivered on the loop's thread without it.
 */
final class Signals implements AutoCloseable {

	private static final Log logger = LogFactory.getLog(Signals.class);

	private static final int EXIT_CODE_OF_SIGNAL = 128;

	private static final Set<String> OF_THE_KERNEL = Set.of("SIGKILL", "SIGSTOP");

	private static final Set<String> OF_THE_JVM = Set.of("SIGSEGV", "SIGBUS", "SIGFPE", "SIGILL");

	/** Signals that the JVM leaves alone where the process was started to ignore them. */
	private static final Set<String> IGNORED_BY_THE_JVM = Set.of("SIGHUP", "SIGINT", "SIGTERM");

	private static final Set<String> EXITING = Set.of("SIGTERM", "SIGINT");

	private final MainLoop loop;

	private final SignalMode mode;

	private final IntConsumer exit;

	private final Map<Signal, List<SignalSource>> sources = new ConcurrentSkipListMap<>();

	private final Map<Signal, SignalMode> ways = new TreeMap<>();

	/** Signals that came to the loop and found all their sources paused. */
	private final List<SignalInfo> held = new ArrayList<>();

	private @Nullable SignalReceiver signalFd;

	private @Nullable SignalReceiver relay;

	/** Signals that end the process, and that nobody but the loop can notice. */
	private final Set<Signal> takenOver = new HashSet<>();

	private boolean closed;

	Signals(MainLoop loop, SignalMode mode, IntConsumer exit) {
		this.loop = loop;
		this.mode = mode;
		this.exit = exit;
	}

	synchronized void add(SignalSource source) {
		if (this.closed) {
			throw new IllegalStateException("The main loop is closed");
		}
		Signal signal = source.signal();
		boolean first = !this.ways.containsKey(signal);
		if (first) {
			this.ways.put(signal, choose(signal));
		}
		this.sources.computeIfAbsent(signal, (ignored) -> new CopyOnWriteArrayList<>()).add(source);
		if (first) {
			try {
				changed(signal);
			}
			catch (RuntimeException ex) {
				this.ways.remove(signal);
				this.sources.remove(signal);
				throw ex;
			}
			logger.info("Signal %s comes by %s".formatted(signal, this.ways.get(signal)));
		}
		else {
			changed(signal);
		}
		if (EXITING.contains(signal.name())) {
			logger.info("%s is handled by '%s', %s".formatted(signal, source, source.vetoesExit()
					? "which keeps it from ending the application" : "and ends the application after that"));
		}
	}

	/**
	 * Takes over {@code SIGTERM} and {@code SIGINT} if every thread blocks them, so that
	 * they end the process in good order though no source asks for them. Warns of those
	 * that neither the loop nor the JVM takes.
	 */
	synchronized void takeOver() {
		Predicate<Signal> blocked = this.loop.platform().blockedSignals();
		for (String name : EXITING) {
			Signal signal = Signal.of(name);
			changed(signal);
			if (!blocked.test(signal)) {
				warnIfUnserved(signal);
			}
			else if (this.mode != SignalMode.RELAY && this.takenOver.add(signal) && !this.ways.containsKey(signal)) {
				this.ways.put(signal, SignalMode.SIGNALFD);
				receiver(SignalMode.SIGNALFD).receive(signal);
				logger.info("%s is blocked in every thread and ends the application through the main loop"
					.formatted(signal));
			}
		}
	}

	/**
	 * Leaves the signals that end the process to the JVM again while nobody handles them.
	 * It cannot have those that every thread blocks.
	 */
	synchronized void giveBack() {
		for (String name : EXITING) {
			Signal signal = Signal.of(name);
			SignalMode way = this.ways.get(signal);
			if (way == SignalMode.RELAY) {
				receiver(way).release(signal);
			}
			else if (way == SignalMode.SIGNALFD) {
				logger.error("%s does not end the application any more, as every thread blocks it: use SIGKILL"
					.formatted(signal));
			}
		}
	}

	private static void warnIfUnserved(Signal signal) {
		if (!JvmSignalHandler.isServed() && !BlockedSignals.isIgnored(signal)) {
			logger.warn(("%s ends the process at once and not in good order, as a JVM that is started with -Xrs leaves "
					+ "it to the kernel: start the application with '%s'")
				.formatted(signal, BlockedSignals.command(signal.bareName())));
		}
	}

	synchronized void remove(SignalSource source) {
		Signal signal = source.signal();
		List<SignalSource> remaining = this.sources.get(signal);
		if (remaining == null || !remaining.remove(source)) {
			return;
		}
		if (remaining.isEmpty()) {
			this.sources.remove(signal);
			this.held.removeIf((info) -> info.signal().equals(signal));
			release(signal);
		}
		else {
			changed(signal);
		}
	}

	private void release(Signal signal) {
		SignalMode way = this.ways.get(signal);
		if (way == null) {
			return;
		}
		if (this.takenOver.contains(signal) && !this.closed) {
			receiver(way).receive(signal);
		}
		else {
			this.ways.remove(signal);
			receiver(way).release(signal);
		}
	}

	synchronized void changed(Signal signal) {
		SignalMode way = this.ways.get(signal);
		if (way == null) {
			return;
		}
		if (!isHeld(signal, this.sources.getOrDefault(signal, List.of()))) {
			receiver(way).receive(signal);
			List<SignalInfo> due = this.held.stream().filter((info) -> info.signal().equals(signal)).toList();
			this.held.removeAll(due);
			due.forEach((info) -> this.loop.post(() -> deliver(info)));
		}
		else {
			receiver(way).hold(signal);
		}
	}

	/**
	 * Whether a signal waits for one of its sources to be resumed. Those that are
	 * disabled do not keep it from ending the process.
	 */
	private static boolean isHeld(Signal signal, List<SignalSource> sources) {
		return sources.stream().noneMatch(EventSource::isEnabled) && (!EXITING.contains(signal.name())
				|| sources.stream().anyMatch((source) -> source.state() == EventSource.State.PAUSED));
	}

	/** Names the ways in use: one mode, or each with its signals. */
	synchronized String describe() {
		Map<SignalMode, List<Signal>> byWay = this.ways.keySet()
			.stream()
			.collect(Collectors.groupingBy(this.ways::get, TreeMap::new, Collectors.toList()));
		if (byWay.isEmpty()) {
			return "none";
		}
		if (byWay.size() == 1) {
			return byWay.keySet().iterator().next().toString();
		}
		return byWay.entrySet()
			.stream()
			.map((entry) -> entry.getKey() + " " + entry.getValue())
			.collect(Collectors.joining(", "));
	}

	int size() {
		return this.sources.values().stream().mapToInt(List::size).sum();
	}

	private SignalMode choose(Signal signal) {
		if (OF_THE_KERNEL.contains(signal.name())) {
			throw new UnusableSignalException(signal, "the kernel lets no process catch it",
					"Use SIGTERM to end the application in good order");
		}
		if (OF_THE_JVM.contains(signal.name())) {
			throw new UnusableSignalException(signal, "the JVM itself lives by it",
					"Use SIGUSR1 for a purpose of your own");
		}
		boolean blocked = this.loop.platform().blockedSignals().test(signal);
		return switch (this.mode) {
			case AUTO -> blocked ? SignalMode.SIGNALFD : relayed(signal);
			case SIGNALFD -> {
				if (!blocked) {
					throw new UnusableSignalException(signal, "signalfd takes only a signal that every thread blocks",
							BlockedSignals.remedy(signal));
				}
				yield SignalMode.SIGNALFD;
			}
			case RELAY -> {
				if (blocked) {
					throw new UnusableSignalException(signal, "every thread blocks it, so that the JVM cannot relay it",
							"Let signals come by 'auto' or 'signalfd'");
				}
				yield relayed(signal);
			}
		};
	}

	private static SignalMode relayed(Signal signal) {
		if (signal.isRealTime()) {
			throw new UnusableSignalException(signal, "the JVM does not relay real-time signals",
					BlockedSignals.remedy(signal));
		}
		if ("SIGUSR2".equals(signal.name()) && System.getenv("_JAVA_SR_SIGNUM") == null) {
			throw new UnusableSignalException(signal, "HotSpot suspends threads by it",
					"Use SIGUSR1, or give HotSpot another number in the environment variable _JAVA_SR_SIGNUM");
		}
		if (!JvmSignalHandler.isServed()) {
			throw new UnusableSignalException(signal, "a JVM that is started with -Xrs relays no signal",
					BlockedSignals.remedy(signal));
		}
		if (IGNORED_BY_THE_JVM.contains(signal.name()) && BlockedSignals.isIgnored(signal)) {
			logger.warn("%s is ignored by this process, as nohup has it, and the JVM leaves it so: no handler is called"
				.formatted(signal));
		}
		return SignalMode.RELAY;
	}

	private SignalReceiver receiver(SignalMode way) {
		if (way == SignalMode.SIGNALFD) {
			if (this.signalFd == null) {
				this.signalFd = new SignalFdReceiver(this.loop, this::deliver);
			}
			return this.signalFd;
		}
		if (this.relay == null) {
			this.relay = new SignalRelay(this.loop, this::deliver);
		}
		return this.relay;
	}

	private void deliver(SignalInfo info) {
		List<SignalSource> receiving = this.sources.getOrDefault(info.signal(), List.of());
		boolean handled = false;
		boolean vetoed = false;
		for (SignalSource source : receiving) {
			vetoed |= source.vetoesExit() && source.state() != EventSource.State.DISABLED;
			if (source.isEnabled()) {
				source.dispatch(info);
				handled = true;
			}
		}
		if (!handled && !receiving.isEmpty() && isHeld(info.signal(), receiving)) {
			hold(info);
		}
		else if (!vetoed && EXITING.contains(info.signal().name())) {
			this.exit.accept(EXIT_CODE_OF_SIGNAL + info.signal().number());
		}
	}

	/** Keeps a signal as the kernel would: one of a number, unless it is real-time. */
	private synchronized void hold(SignalInfo info) {
		Signal signal = info.signal();
		boolean pending = this.held.stream().anyMatch((other) -> other.signal().equals(signal));
		if (this.sources.containsKey(signal) && (signal.isRealTime() || !pending)) {
			this.held.add(info);
			changed(signal);
		}
	}

	/** Closes every source, and takes no other. */
	@Override
	public void close() {
		List<SignalSource> all;
		synchronized (this) {
			this.closed = true;
			all = this.sources.values().stream().flatMap(List::stream).toList();
		}
		all.forEach(EventSource::close);
		closeReceivers();
	}

	private synchronized void closeReceivers() {
		if (this.signalFd != null) {
			this.signalFd.close();
		}
		if (this.relay != null) {
			this.relay.close();
		}
	}

}

package dev.mainloop;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReferenceArray;
import java.util.function.IntConsumer;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;

import dev.mainloop.fd.Signal;
import dev.mainloop.fd.SignalFd;
import dev.mainloop.libc.StackReserve;
import dev.mainloop.multiplexer.Trigger;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The signals of a loop: which sources it has for each, and by which way it comes. The
 * {@link SignalHub} of the process says which signals the loop has to handle.
 * <p>
 * Sources come and go under the lock of this object, by any thread. Signals are handled
 * on the loop's thread without it.
 */
final class LoopSignals implements SignalTaker, SignalSource.Keeper {

	private static final Logger logger = LoggerFactory.getLogger(LoopSignals.class);

	private static final int NUMBERS = 64;

	private static final int EXIT_CODE_OF_SIGNAL = 128;

	/** The process of a PID namespace that the kernel protects. */
	private static final long INIT = 1;

	private static final Set<String> OF_THE_KERNEL = Set.of("SIGKILL", "SIGSTOP");

	private static final Set<String> OF_THE_JVM = Set.of("SIGSEGV", "SIGBUS", "SIGFPE", "SIGILL");

	/** Signals that the JVM leaves alone where the process was started to ignore them. */
	private static final Set<String> IGNORED_BY_THE_JVM = Set.of("SIGHUP", "SIGINT", "SIGTERM");

	private final Loop loop;

	private final Platform platform;

	private final SignalHub hub;

	private final Descriptors descriptors;

	private final SignalMode mode;

	private final IntConsumer exit;

	private final long exitTimeoutNanos;

	/** By the numbers of the signals; written with the lock held. */
	private final AtomicReferenceArray<@Nullable SignalSubscription> subscriptions = new AtomicReferenceArray<>(
			NUMBERS + 1);

	/** How many of them come by the signalfd that the loops watch. */
	private int bySignalFd;

	private volatile @Nullable SignalFdWatcher watcher;

	private boolean closed;

	/** How many of them the hub has; guarded by its lock. */
	private int subscribed;

	/**
	 * Whether it has neither failed nor been closed; written with the hub's lock held.
	 */
	private volatile boolean partOfHub = true;

	/**
	 * Whether the loop has to look for signals; cleared with the hub's lock held. It is
	 * set before the loop is woken, and the loop reads it after it has said that it will
	 * wait.
	 */
	private volatile boolean work;

	/** The code with which the process is to end, or 0. */
	private final AtomicInteger exitCode = new AtomicInteger();

	LoopSignals(Loop loop, Platform platform, Descriptors descriptors, LoopSettings settings) {
		this.loop = loop;
		this.platform = platform;
		this.hub = platform.signals();
		this.descriptors = descriptors;
		this.mode = settings.signals;
		this.exit = settings.exit;
		this.exitTimeoutNanos = settings.exitTimeoutNanos;
	}

	void add(SignalSource source) {
		StackReserve.require();
		boolean done = false;
		try {
			register(source);
			done = true;
		}
		finally {
			if (!done) {
				remove(source);
			}
		}
	}

	private void register(SignalSource source) {
		Signal signal = source.signal();
		boolean first;
		synchronized (this) {
			this.loop.requireUsable();
			if (this.closed) {
				throw new IllegalStateException(this.loop.describe());
			}
			SignalSubscription known = subscription(signal);
			first = known == null;
			if (known == null) {
				SignalSubscription subscription = new SignalSubscription(this, signal, choose(signal));
				subscription.add(source);
				subscribe(subscription);
			}
			else {
				known.add(source);
				this.hub.widened(known);
			}
		}
		if (first) {
			logger.info("Signal %s comes by %s%s".formatted(signal, way(signal), name().on()));
		}
		if (SharedSignal.EXITING.contains(signal.name())) {
			logger.info("%s is handled by %s, %s".formatted(signal, source.quoted(), source.vetoesExit()
					? "which keeps it from ending the application" : "and ends the application after that"));
		}
	}

	private void subscribe(SignalSubscription subscription) {
		watch(subscription);
		boolean done = false;
		try {
			this.hub.subscribe(subscription);
			this.subscriptions.set(subscription.signal().number(), subscription);
			done = true;
		}
		finally {
			if (!done) {
				unwatch(subscription);
			}
		}
	}

	private void unsubscribe(SignalSubscription subscription) {
		this.subscriptions.set(subscription.signal().number(), null);
		try {
			this.hub.unsubscribe(subscription);
		}
		finally {
			unwatch(subscription);
		}
	}

	/** Has a signalfd read for one signal more, if it comes by one. */
	private void watch(SignalSubscription subscription) {
		if (subscription.way() == SignalMode.SIGNALFD) {
			if (isReadApart(subscription)) {
				this.hub.openReader(() -> this.platform.openSignalFd(List.of()), this.platform::openEventFd);
			}
			else {
				watchSignalFd();
			}
		}
	}

	private void unwatch(SignalSubscription subscription) {
		if (subscription.way() == SignalMode.SIGNALFD) {
			if (isReadApart(subscription)) {
				this.hub.closeReader();
			}
			else {
				unwatchSignalFd();
			}
		}
	}

	private boolean isReadApart(SignalSubscription subscription) {
		return this.platform.hasSignalReader() && SharedSignal.EXITING.contains(subscription.signal().name());
	}

	private void watchSignalFd() {
		if (this.watcher == null) {
			SignalFd fd = this.hub.openSignalFd(() -> this.platform.openSignalFd(List.of()));
			boolean done = false;
			try {
				SignalFdWatcher added = new SignalFdWatcher(fd);
				this.descriptors.add(added);
				this.watcher = added;
				done = true;
			}
			finally {
				if (!done) {
					this.hub.closeSignalFd();
				}
			}
		}
		this.bySignalFd++;
	}

	private void unwatchSignalFd() {
		SignalFdWatcher unused = this.watcher;
		this.bySignalFd--;
		if (this.bySignalFd == 0 && unused != null) {
			this.watcher = null;
			try {
				this.descriptors.remove(unused);
			}
			finally {
				this.hub.closeSignalFd();
			}
		}
	}

	@Override
	public void remove(SignalSource source) {
		synchronized (this) {
			SignalSubscription subscription = subscription(source.signal());
			if (subscription == null || !subscription.remove(source)) {
				return;
			}
			if (subscription.size() == 0 && (!subscription.isTakenOver() || this.closed)) {
				unsubscribe(subscription);
			}
			else {
				this.hub.narrowed(subscription);
			}
		}
		if (this.exitCode.get() != 0) {
			exitOnLoop();
		}
	}

	/** Ends the process from the loop's thread, or at once if nobody runs the loop. */
	private void exitOnLoop() {
		if (this.loop.isOwned()) {
			this.loop.wakeUp();
		}
		else {
			exitIfDue();
		}
	}

	@Override
	public void changed(SignalSource source) {
		SignalSubscription subscription = subscription(source.signal());
		if (subscription == null) {
			return;
		}
		if (source.isEnabled()) {
			this.hub.widened(subscription);
		}
		else {
			this.hub.narrowed(subscription);
		}
	}

	/**
	 * Calls the handlers of the signals that wait for the loop, on its thread.
	 * @param budget how many signals at most
	 * @param slice ends the batch in time
	 */
	void deliver(int budget, TimeSlice slice) {
		SignalFdWatcher source = this.watcher;
		boolean readable = source != null && this.descriptors.isReported(source);
		if ((!readable && !this.work && this.partOfHub) || this.loop.isOver()) {
			return;
		}
		StackReserve.require();
		if (!this.partOfHub) {
			this.hub.join(this);
		}
		if (readable) {
			this.hub.read(Objects.requireNonNull(source).fd());
		}
		for (int left = budget; left > 0 && this.work && !this.loop.isOver(); left--) {
			PendingSignal pending = this.hub.begin(this);
			if (pending != null) {
				handle(pending);
			}
			exitIfDue();
			if (pending == null || slice.handled()) {
				return;
			}
		}
	}

	private void handle(PendingSignal pending) {
		boolean handled = false;
		boolean vetoed = false;
		try {
			SignalSubscription subscription = subscription(pending.info().signal());
			if (subscription != null) {
				for (SignalSource source : subscription.sources()) {
					if (source != null && !this.loop.isOver()) {
						vetoed |= SignalSubscription.vetoes(source);
						if (source.isEnabled()) {
							handled = true;
							this.loop.dispatch(source, pending.info());
						}
					}
				}
			}
		}
		finally {
			this.hub.end(this, pending, handled, vetoed);
		}
	}

	@Override
	public LoopName name() {
		return this.loop.name();
	}

	@Override
	public void exitIfDue() {
		int code = this.exitCode.getAndSet(0);
		if (code != 0) {
			try {
				this.exit.accept(code);
			}
			catch (OutOfMemoryError ex) {
				// A process without memory is to end all the more: the loop tries again.
				this.exitCode.compareAndSet(0, code);
				this.work = true;
			}
		}
	}

	/** Returns how long the signal has waited by which the process ends, or 0. */
	long exitDelayNanos() {
		return this.hub.exitDelayNanos();
	}

	/** Has the next signal that ends the process do so at once. */
	void haltBySignals() {
		this.hub.haltBySignals(this);
	}

	@Override
	public boolean hasWork() {
		return this.work;
	}

	/**
	 * Has the loop take part again, if it had failed. Takes over {@code SIGTERM} and
	 * {@code SIGINT} if every thread blocks them, so that they end the process in good
	 * order though no source asks for them. Warns of those that neither the loop nor the
	 * JVM takes.
	 */
	synchronized void takeOver() {
		this.hub.join(this);
		Predicate<Signal> blocked = this.platform.blockedSignals();
		for (String name : SharedSignal.EXITING) {
			Signal signal = Signal.of(name);
			if (!blocked.test(signal)) {
				warnIfUnserved(signal);
			}
			else if (this.mode != SignalMode.RELAY) {
				takeOver(signal);
			}
		}
	}

	private void takeOver(Signal signal) {
		SignalSubscription subscription = subscription(signal);
		if (subscription == null) {
			subscription = new SignalSubscription(this, signal, SignalMode.SIGNALFD);
			subscribe(subscription);
			logger.info(
					"%s is blocked in every thread and ends the application through the %s".formatted(signal, name()));
		}
		subscription.takeOver();
	}

	/**
	 * Asks the JVM, which loads some 40 classes, only about a signal without a handler.
	 */
	private static void warnIfUnserved(Signal signal) {
		if (!BlockedSignals.isCaught(signal) && !JvmSignalHandler.isServed() && !BlockedSignals.isIgnored(signal)) {
			logger.warn(
					"%s %s, as a JVM that is started with -Xrs leaves it to the kernel: start the application with '%s'"
						.formatted(signal, fate(), BlockedSignals.command(signal.bareName())));
		}
	}

	/** Says what the kernel does by a signal that has no handler, see {@code kill(2)}. */
	private static String fate() {
		return (ProcessHandle.current().pid() == INIT)
				? "does not end the process, which has the process id 1 and gets it only with a handler"
				: "ends the process at once and not in good order";
	}

	/**
	 * Leaves the signals of a loop that has failed to the other loops. If there is no
	 * other, those that end the process do so at once, by the JVM or by their signalfd.
	 */
	void giveBack() {
		this.hub.leave(this);
	}

	/** Names the ways in use: one mode, or each with its signals. */
	synchronized String describe() {
		Map<SignalMode, List<Signal>> byWay = subscriptions().collect(Collectors.groupingBy(SignalSubscription::way,
				TreeMap::new, Collectors.mapping(SignalSubscription::signal, Collectors.toList())));
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
		return subscriptions().mapToInt(SignalSubscription::size).sum();
	}

	private Stream<SignalSubscription> subscriptions() {
		return IntStream.rangeClosed(1, NUMBERS)
			.mapToObj(this.subscriptions::get)
			.flatMap((subscription) -> Stream.ofNullable(subscription));
	}

	private @Nullable SignalSubscription subscription(Signal signal) {
		return this.subscriptions.get(signal.number());
	}

	private @Nullable SignalMode way(Signal signal) {
		SignalSubscription subscription = subscription(signal);
		return (subscription != null) ? subscription.way() : null;
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
		boolean blocked = this.platform.blockedSignals().test(signal);
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
			logger.warn(("%s is ignored by this process, as nohup has it, and the JVM leaves it so: no handler is "
					+ "called. Start it by setsid instead")
				.formatted(signal));
		}
		return SignalMode.RELAY;
	}

	/** Closes every source, and takes no other. */
	void close() {
		List<EventSource> all = new ArrayList<>();
		synchronized (this) {
			this.closed = true;
			subscriptions().flatMap((subscription) -> Stream.of(subscription.sources()))
				.flatMap((source) -> Stream.ofNullable(source))
				.forEach(all::add);
		}
		this.hub.leave(this);
		all.forEach(EventSource::close);
		synchronized (this) {
			subscriptions().toList().forEach(this::unsubscribe);
		}
		exitIfDue();
	}

	@Override
	public int subscribed(int change) {
		this.subscribed += change;
		return this.subscribed;
	}

	@Override
	public void partOfHub(boolean part) {
		this.partOfHub = part;
	}

	@Override
	public boolean isPartOfHub() {
		return this.partOfHub;
	}

	@Override
	public boolean isServing() {
		return this.partOfHub && !this.loop.isClosed();
	}

	@Override
	public void work(boolean work) {
		this.work = work || this.exitCode.get() != 0;
	}

	@Override
	public void workAdded() {
		this.work = true;
	}

	@Override
	public void exitBy(Signal signal) {
		this.exitCode.set(EXIT_CODE_OF_SIGNAL + signal.number());
		this.work = true;
	}

	@Override
	public long exitTimeoutNanos() {
		return this.exitTimeoutNanos;
	}

	@Override
	public @Nullable RunningHandler runningHandler() {
		return this.loop.runningHandler();
	}

	@Override
	public void abandon() {
		RunningHandler handler = runningHandler();
		if (handler != null) {
			logger.warn("The process ends at once, though a handler%s has not returned: %s".formatted(name().on(),
					handler));
		}
		this.loop.abandon();
	}

	@Override
	public void wakeUp() {
		this.loop.wakeUp();
	}

	/**
	 * Has a wait end when the signalfd has something, which is read in a phase of its
	 * own.
	 *
	 * @param fd the signalfd
	 */
	private record SignalFdWatcher(SignalFd fd) implements Watcher {

		@Override
		public Trigger trigger() {
			return Trigger.LEVEL;
		}

		@Override
		public void ready(int readiness) {
		}

	}

}

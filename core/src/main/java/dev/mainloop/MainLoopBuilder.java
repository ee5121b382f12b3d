package dev.mainloop;

import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.Executor;
import java.util.function.IntConsumer;
import java.util.function.Supplier;

import dev.mainloop.libc.ErrnoException;
import dev.mainloop.libc.Unavailability;
import dev.mainloop.multiplexer.IoMultiplexer;
import dev.mainloop.multiplexer.MultiplexerKind;
import org.jspecify.annotations.Nullable;

/**
 * Describes a {@link MainLoop}. To be used by one thread.
 */
public final class MainLoopBuilder {

	private static final Duration LONGEST_TIME_SLICE = Duration.ofSeconds(10);

	private final LoopSettings settings = new LoopSettings();

	MainLoopBuilder() {
	}

	/**
	 * Sets what the loop is called, {@code main} by default. Where a process has several
	 * loops, logs and errors name all but that, and the thread {@code mainloop-workers-1}
	 * is that of the loop {@code workers-1}.
	 * @param name the name, which is not blank
	 * @return this builder
	 */
	public MainLoopBuilder name(String name) {
		this.settings.name = new LoopName(name);
		return this;
	}

	/**
	 * Sets what the loop waits with, {@link MultiplexerKind#AUTO} by default.
	 * @param multiplexer a {@link MultiplexerKind}, or what else opens one; the loop
	 * closes it
	 * @return this builder
	 */
	public MainLoopBuilder multiplexer(Supplier<? extends IoMultiplexer> multiplexer) {
		this.settings.multiplexer = Objects.requireNonNull(multiplexer, "'multiplexer' must not be null");
		return this;
	}

	/**
	 * Sets what the loop has of the operating system, {@link Platform#LINUX} by default.
	 * @param platform the platform
	 * @return this builder
	 */
	public MainLoopBuilder platform(Platform platform) {
		this.settings.platform = Objects.requireNonNull(platform, "'platform' must not be null");
		return this;
	}

	/**
	 * Sets the clock of the timers, {@link NanoClock#SYSTEM} by default.
	 * @param clock the clock
	 * @return this builder
	 */
	public MainLoopBuilder clock(NanoClock clock) {
		this.settings.clock = Objects.requireNonNull(clock, "'clock' must not be null");
		return this;
	}

	/**
	 * Sets how signals reach the loop, {@link SignalMode#AUTO} by default.
	 * @param signals the mode
	 * @return this builder
	 */
	public MainLoopBuilder signals(SignalMode signals) {
		this.settings.signals = Objects.requireNonNull(signals, "'signals' must not be null");
		return this;
	}

	/**
	 * Sets who is told what handlers throw, by default the log, which sums up a burst of
	 * the same error.
	 * @param errorHandler the error handler
	 * @return this builder
	 */
	public MainLoopBuilder errorHandler(ErrorHandler errorHandler) {
		this.settings.errorHandler = Objects.requireNonNull(errorHandler, "'errorHandler' must not be null");
		return this;
	}

	/**
	 * Sets what becomes of an event source whose handler fails again and again,
	 * {@link ErrorPolicy#CONTINUE} by default. One-shot timers count as one source, as
	 * each of them fails once. Posted tasks do not count.
	 * @param policy what to do
	 * @param limit how many errors without a success between them are too many, 1 or more
	 * @return this builder
	 */
	public MainLoopBuilder errorPolicy(ErrorPolicy policy, int limit) {
		this.settings.errorPolicy = Objects.requireNonNull(policy, "'policy' must not be null");
		this.settings.errorLimit = requirePositive("limit", limit);
		return this;
	}

	/**
	 * Sets what becomes of a handler that is called for its file descriptor again and
	 * again and neither reads nor writes it, {@link SpinPolicy#WARN} by default.
	 * @param policy what to do, beside naming it in the log
	 * @return this builder
	 */
	public MainLoopBuilder spinPolicy(SpinPolicy policy) {
		this.settings.spinPolicy = Objects.requireNonNull(policy, "'policy' must not be null");
		return this;
	}

	/**
	 * Sets what ends the process after {@code SIGTERM} or {@code SIGINT} was handled, by
	 * default {@link System#exit} on a thread of its own.
	 * @param exit called with the exit code, on the loop's thread, which it must not
	 * block, while nobody runs the loop by the thread that closes the source or the loop,
	 * and by a thread of its own for a signal that nobody handles or not in time
	 * @return this builder
	 */
	public MainLoopBuilder exit(IntConsumer exit) {
		this.settings.exit = Objects.requireNonNull(exit, "'exit' must not be null");
		return this;
	}

	/**
	 * Sets how long {@code SIGTERM} and {@code SIGINT} wait for their handlers, 5 s by
	 * default. After that they end the process without them, as another handler does not
	 * return, unless a handler vetoes that.
	 * @param exitTimeout the time, zero or more
	 * @return this builder
	 */
	public MainLoopBuilder exitTimeout(Duration exitTimeout) {
		this.settings.exitTimeoutNanos = Nanos.of("exitTimeout", exitTimeout);
		return this;
	}

	/**
	 * Sets how many timers, and how many messages of each queue, are handled in one
	 * iteration at most, 256 by default.
	 * @param budget the number, 1 or more
	 * @return this builder
	 */
	public MainLoopBuilder budget(int budget) {
		this.settings.budget = requirePositive("budget", budget);
		return this;
	}

	/**
	 * Sets how long the handlers of one kind of event - signals, file descriptors, timers
	 * or messages - may keep those of the other kinds waiting, 1 ms by default. The time
	 * is looked at between two handlers, and counts from the end of the first.
	 * @param timeSlice the time, more than zero and 10 s at most
	 * @return this builder
	 */
	public MainLoopBuilder timeSlice(Duration timeSlice) {
		Objects.requireNonNull(timeSlice, "'timeSlice' must not be null");
		if (timeSlice.isZero() || timeSlice.isNegative() || timeSlice.compareTo(LONGEST_TIME_SLICE) > 0) {
			throw new IllegalArgumentException("'timeSlice' must be more than zero and %s at most but is %s"
				.formatted(LONGEST_TIME_SLICE, timeSlice));
		}
		this.settings.timeSliceNanos = timeSlice.toNanos();
		return this;
	}

	/**
	 * Sets how long the loop looks for events again and again before it sleeps, not at
	 * all by default. An event that comes meanwhile does not wait for the kernel to wake
	 * the loop's thread, and its sender needs no system call. This takes a core: with
	 * more loops than cores it makes events slower.
	 * @param busyPoll the time since the last event, zero or more
	 * @return this builder
	 */
	public MainLoopBuilder busyPoll(Duration busyPoll) {
		Objects.requireNonNull(busyPoll, "'busyPoll' must not be null");
		if (busyPoll.isNegative()) {
			throw new IllegalArgumentException("'busyPoll' must be zero or more but is " + busyPoll);
		}
		this.settings.busyPollNanos = Nanos.of("busyPoll", busyPoll);
		return this;
	}

	/**
	 * Sets who does what may block, by default up to ten threads of the loop's own, which
	 * end when they have had nothing to do for a minute.
	 * @param workers has the threads, and stays the caller's to end, after the loop; what
	 * it refuses ends with that refusal
	 * @return this builder
	 * @see MainLoop#offload
	 * @see MainLoop#blockingCalls
	 */
	public MainLoopBuilder workers(Executor workers) {
		this.settings.workers = Objects.requireNonNull(workers, "'workers' must not be null");
		return this;
	}

	/**
	 * Sets what captures the context of a thread that offloads work, which is then that
	 * of the worker and of what follows from the result, by default nothing.
	 * @param threadContext called by the thread that offloads, which may be any; gives
	 * {@code null} for no context
	 * @return this builder
	 * @see MainLoop#offload
	 */
	public MainLoopBuilder threadContext(Supplier<? extends @Nullable ThreadContext> threadContext) {
		this.settings.threadContext = Objects.requireNonNull(threadContext, "'threadContext' must not be null");
		return this;
	}

	/**
	 * Sets how many posted tasks can wait, and how many pieces of offloaded work may be
	 * under way, 8192 each by default.
	 * @param taskCapacity the number, for posted tasks rounded up to a power of two
	 * @return this builder
	 */
	public MainLoopBuilder taskCapacity(int taskCapacity) {
		this.settings.taskCapacity = taskCapacity;
		return this;
	}

	/**
	 * Pins the loop's thread to CPUs, see {@code sched_setaffinity(2)}: it runs on these
	 * alone from before the first handler on, each time when the loop runs. By default it
	 * runs where the process may. A thread that calls {@link MainLoop#run()} gets its own
	 * CPUs back after that; {@link MainLoop#runOnce()} pins nothing. A platform without
	 * the kernel, as that of tests in memory, leaves it be.
	 * <p>
	 * Threads and processes that a handler starts inherit the CPUs, also those of thread
	 * pools, and the carriers of virtual threads: have such threads started before, as by
	 * {@code ThreadPoolExecutor.prestartAllCoreThreads()}. Those of the loop itself do
	 * not. {@link Runtime#availableProcessors()} counts these CPUs alone where a handler
	 * asks.
	 * @param cpus the CPUs, all of which the process has to be allowed to use
	 * @return this builder
	 */
	public MainLoopBuilder cpus(CpuSet cpus) {
		this.settings.cpus = Objects.requireNonNull(cpus, "'cpus' must not be null");
		return this;
	}

	/**
	 * Puts the loop into a group when it is made, none by default.
	 * @param group the loops that it stops with
	 * @return this builder
	 */
	public MainLoopBuilder group(MainLoopGroup group) {
		this.settings.group = Objects.requireNonNull(group, "'group' must not be null");
		return this;
	}

	private static int requirePositive(String name, int value) {
		if (value < 1) {
			throw new IllegalArgumentException("'%s' must be 1 or more but is %d".formatted(name, value));
		}
		return value;
	}

	/**
	 * Makes the loop, which holds file descriptors from now on.
	 * @return the loop, to be closed by the caller
	 * @throws UnsupportedPlatformException if the host has no epoll
	 * @throws UnusableCpusException if the process may not use all CPUs that the loop is
	 * to run on
	 * @throws ErrnoException if the kernel refuses what the loop needs
	 */
	public MainLoop build() {
		Unavailability unavailability = this.settings.platform.unavailability();
		if (unavailability != null) {
			throw new UnsupportedPlatformException(unavailability.cause(), unavailability.remedy());
		}
		return new MainLoop(new DutyCycle(this.settings), this.settings);
	}

}

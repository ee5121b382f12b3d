package dev.mainloop;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.Supplier;

import dev.mainloop.fd.ChildFd;
import dev.mainloop.fd.ClockId;
import dev.mainloop.fd.FileDescriptor;
import dev.mainloop.fd.PidFd;
import dev.mainloop.fd.Signal;
import dev.mainloop.fd.Spawn;
import dev.mainloop.libc.ErrnoException;
import dev.mainloop.log.BurstLog;
import dev.mainloop.log.LogText;
import dev.mainloop.multiplexer.IoMultiplexer;
import dev.mainloop.multiplexer.Readiness;
import dev.mainloop.multiplexer.Trigger;
import org.jspecify.annotations.Nullable;

/**
 * A main loop: waits for events of its sources and runs their handlers one after another
 * on one thread, so that handlers share state without locks. A handler must not block, as
 * all others wait for it.
 *
 * <h2>One iteration</h2> The loop waits in its {@link IoMultiplexer}, without limit if
 * nothing is left to do and not at all otherwise. Then it takes up what other threads
 * have changed, and calls the handlers of signals, of the file descriptors that are
 * ready, of the timers that are due, and of the queues with messages, posted tasks among
 * them. Nothing starves: each kind of event has a time slice, the timers and each queue
 * have a budget, and what is left over makes the next wait return at once. The queues
 * have their turns in the order in which they got messages, and one that has used up its
 * turn comes after all others.
 *
 * <h2>Threads</h2> {@link #run()} makes the calling thread the loop's, for which
 * {@link MainLoopThread} provides one; {@link #runOnce()} runs a single iteration for a
 * test. All other methods, and those of the {@link EventSource}s, may be called by any
 * thread. An interrupt of the loop's thread is cleared after each handler.
 *
 * <h2>Life</h2> A loop holds file descriptors from its creation until {@link #close()}.
 * Meanwhile it may run and {@link #stop()} any number of times. One that has failed or is
 * closed refuses new sources and messages.
 */
public final class MainLoop implements AutoCloseable {

	private final DutyCycle cycle;

	private final NanoClock clock;

	private final Workers workers;

	private final int offloadCapacity;

	private final @Nullable Supplier<? extends @Nullable ThreadContext> threadContext;

	/** Made for the first work; written with the lock of this object held. */
	private volatile @Nullable Offloads offloads;

	MainLoop(DutyCycle cycle, LoopSettings settings) {
		this.cycle = cycle;
		this.clock = settings.clock;
		this.workers = new Workers(cycle.name(), settings.workers);
		this.offloadCapacity = settings.taskCapacity;
		this.threadContext = settings.threadContext;
	}

	/**
	 * Starts to describe a loop.
	 * @return a builder with the defaults
	 */
	public static MainLoopBuilder builder() {
		return new MainLoopBuilder();
	}

	/**
	 * Returns what the loop is called.
	 * @return the name, {@code main} unless it was given another
	 */
	public String name() {
		return this.cycle.name().name();
	}

	/**
	 * Returns the CPUs that its thread is pinned to while it runs.
	 * @return the CPUs, or {@code null} if it is not pinned
	 * @see MainLoopBuilder#cpus(CpuSet)
	 */
	public @Nullable CpuSet cpus() {
		return this.cycle.affinity().cpus();
	}

	/**
	 * Watches a file descriptor, level-triggered.
	 * @param description what log lines call it
	 * @param fd the file descriptor, which stays the caller's to close
	 * @param interest bits of {@link Readiness} to wait for, 0 for nothing until
	 * {@link DescriptorSource#interest(int)} says otherwise
	 * @param handler the handler
	 * @return the event source
	 * @throws IllegalArgumentException if it never has to be waited for, as a regular
	 * file or a directory, or the loop watches another {@link FileDescriptor} of its
	 * number
	 * @throws UnsupportedOperationException if the multiplexer cannot do it
	 * @throws ErrnoException if the kernel refuses otherwise
	 */
	public DescriptorSource watch(String description, FileDescriptor fd, int interest, ReadinessHandler handler) {
		return watch(description, fd, interest, Trigger.LEVEL, handler);
	}

	/**
	 * Watches a file descriptor.
	 * @param description what log lines call it
	 * @param fd the file descriptor, which stays the caller's to close
	 * @param interest bits of {@link Readiness} to wait for, 0 for nothing until
	 * {@link DescriptorSource#interest(int)} says otherwise
	 * @param trigger when the handler is called; {@link Trigger#ONE_SHOT} pauses the
	 * source before each call
	 * @param handler the handler
	 * @return the event source
	 * @throws IllegalArgumentException if it never has to be waited for, as a regular
	 * file or a directory, or the loop watches another {@link FileDescriptor} of its
	 * number
	 * @throws UnsupportedOperationException if the multiplexer cannot do it
	 * @throws ErrnoException if the kernel refuses otherwise
	 */
	public DescriptorSource watch(String description, FileDescriptor fd, int interest, Trigger trigger,
			ReadinessHandler handler) {
		this.cycle.requireUsable();
		DescriptorSource source = new DescriptorSource(this.cycle, this.cycle.descriptors(),
				this.cycle.timers().get(ClockId.MONOTONIC), this.cycle.spinPolicy(), description, fd, interest, trigger,
				handler);
		return opened(source, source::open);
	}

	private <S extends EventSource> S opened(S source, Runnable opening) {
		boolean opened = false;
		this.cycle.list(source);
		try {
			opening.run();
			opened = true;
			return source;
		}
		finally {
			if (!opened) {
				this.cycle.unlist(source);
			}
		}
	}

	/**
	 * Calls a handler once.
	 * @param description what log lines call it
	 * @param delay the time until then; zero or less is as soon as the loop comes to it
	 * @param handler the handler
	 * @return the timer, which closes when it expires
	 */
	public Timer after(String description, Duration delay, TimerHandler handler) {
		return Timer.after(monotonicTimers(), description, delay, handler);
	}

	/**
	 * Calls a handler again and again.
	 * @param description what log lines call it
	 * @param initialDelay the time until the first call
	 * @param period the time from one call to the next, more than zero
	 * @param handler the handler
	 * @return the timer
	 */
	public Timer every(String description, Duration initialDelay, Duration period, TimerHandler handler) {
		return Timer.every(monotonicTimers(), description, initialDelay, period, handler);
	}

	private Timers monotonicTimers() {
		this.cycle.requireUsable();
		return this.cycle.timers().get(ClockId.MONOTONIC);
	}

	/**
	 * Starts to describe a timer with a clock or slack of its own.
	 * @param description what log lines call it
	 * @return a builder for the timer
	 */
	public Timer.Builder timer(String description) {
		return new Timer.Builder(this.cycle, this.cycle.timers(), description);
	}

	/**
	 * Handles that the wall clock is set, by an administrator or a time service that does
	 * not slew it.
	 * @param description what log lines call it
	 * @param handler the handler
	 * @return the event source
	 */
	public ClockSource onClockSet(String description, ClockSetHandler handler) {
		this.cycle.requireUsable();
		ClockSource source = new ClockSource(this.cycle, this.cycle.wallClock(), description, handler);
		return opened(source, () -> this.cycle.wallClock().add(source));
	}

	/**
	 * Handles a signal.
	 * @param description what log lines call it
	 * @param signal the signal
	 * @param handler the handler
	 * @return the event source
	 * @throws UnusableSignalException if the signal cannot reach the loop
	 */
	public SignalSource onSignal(String description, Signal signal, SignalHandler handler) {
		return onSignal(description, signal, false, handler);
	}

	/**
	 * Handles a signal, possibly one that would end the process.
	 * @param description what log lines call it
	 * @param signal the signal
	 * @param vetoExit whether {@code SIGTERM} or {@code SIGINT} shall not end the process
	 * after its handlers have run
	 * @param handler the handler
	 * @return the event source
	 * @throws UnusableSignalException if the signal cannot reach the loop
	 */
	public SignalSource onSignal(String description, Signal signal, boolean vetoExit, SignalHandler handler) {
		this.cycle.requireUsable();
		LoopSignals signals = this.cycle.signals();
		SignalSource source = new SignalSource(this.cycle, signals, description, signal, vetoExit, handler);
		return opened(source, () -> signals.add(source));
	}

	/**
	 * Handles the end of a process that the JVM has started. Its output and its status
	 * stay with {@link Process}, and no thread of the application waits for it.
	 * @param description what log lines call it
	 * @param process the process, which may have ended
	 * @param handler is told once how it has ended
	 * @return the event source, which closes then
	 * @throws ErrnoException if the kernel refuses
	 */
	public ExitSource onExit(String description, Process process, ExitHandler handler) {
		return onExit(description, ProcessEnd.of(this.cycle.platform(), process), handler);
	}

	/**
	 * Handles the end of any process. How one has ended that is no child of this process
	 * is known where the kernel is Linux 6.15 or later.
	 * @param description what log lines call it
	 * @param process the process, which may have ended; then it is not known how
	 * @param handler is told once how it has ended
	 * @return the event source, which closes then
	 * @throws ErrnoException if the kernel refuses
	 */
	public ExitSource onExit(String description, ProcessHandle process, ExitHandler handler) {
		return onExit(description, ProcessEnd.of(this.cycle.platform(), process), handler);
	}

	/**
	 * Handles the end of a process by its pidfd.
	 * @param description what log lines call it
	 * @param pidFd the pidfd, which is closed with the event source
	 * @param handler is told once how the process has ended
	 * @return the event source, which closes then
	 * @throws ErrnoException if the kernel refuses
	 */
	public ExitSource onExit(String description, PidFd pidFd, ExitHandler handler) {
		return onExit(description, ProcessEnd.of(pidFd), handler);
	}

	private ExitSource onExit(String description, ProcessEnd end, ExitHandler handler) {
		boolean opened = false;
		try {
			this.cycle.requireUsable();
			ExitSource source = new ExitSource(this.cycle, this.cycle.descriptors(),
					this.cycle.timers().get(ClockId.MONOTONIC), description, end, handler);
			opened(source, source::open);
			opened = true;
			return source;
		}
		finally {
			if (!opened) {
				end.fd().close();
			}
		}
	}

	/**
	 * Starts a process that is a child of this one and that the JVM does not know of.
	 * @param spawn what it is to be
	 * @return its pidfd, for {@link #onExit(String, PidFd, ExitHandler)}
	 * @throws ErrnoException if it cannot be started
	 * @throws UnsupportedOperationException if the kernel or the C library cannot do that
	 */
	public ChildFd spawn(Spawn spawn) {
		this.cycle.requireUsable();
		return this.cycle.platform().spawn(spawn);
	}

	/**
	 * Makes a queue that refuses messages when it is full.
	 * @param <T> the type of its messages
	 * @param description what log lines call it
	 * @param capacity how many messages can wait, rounded up to a power of two
	 * @param handler the handler of its messages
	 * @return the queue
	 */
	public <T> QueueSource<T> queue(String description, int capacity, MessageHandler<? super T> handler) {
		return queue(description, capacity, Overflow.REJECT, handler);
	}

	/**
	 * Makes a queue.
	 * @param <T> the type of its messages
	 * @param description what log lines call it
	 * @param capacity how many messages can wait, rounded up to a power of two
	 * @param overflow what to do with a message that is sent to it when it is full
	 * @param handler the handler of its messages
	 * @return the queue
	 */
	public <T> QueueSource<T> queue(String description, int capacity, Overflow overflow,
			MessageHandler<? super T> handler) {
		Queues queues = this.cycle.queues();
		QueueSource<T> queue = new QueueSource<>(this.cycle, queues, description, capacity, overflow, handler);
		queues.add(queue);
		return queue;
	}

	/**
	 * Has operations that are carried out apart from the loop end as its events.
	 * @param description what log lines call them
	 * @param port carries them out; it is opened before this returns, and closed with the
	 * event source or the loop
	 * @return the event source
	 */
	public CompletionSource completions(String description, CompletionPort port) {
		this.cycle.requireUsable();
		Completions completions = this.cycle.completions();
		CompletionSource source = new CompletionSource(this.cycle, completions, description, port);
		return opened(source, () -> completions.add(source));
	}

	/**
	 * Runs a task on the loop's thread, after those that were posted before. Where an
	 * {@link java.util.concurrent.Executor} is asked for, {@code loop::execute} is one;
	 * the loop itself is none, as Spring Boot would take it for the application's own.
	 * @param task the task, which must not block
	 * @throws RejectedExecutionException if too many tasks wait, or the loop is stopping
	 * or closed
	 */
	public void execute(Runnable task) {
		TaskQueue tasks = this.cycle.tasks();
		if (!tasks.offer(Objects.requireNonNull(task, "'task' must not be null"))) {
			throw new RejectedExecutionException(
					"The %s does not take %s: %s".formatted(this.cycle.name(), LogText.of(task), switch (state()) {
						case NEW, RUNNING -> tasks.capacity() + " posted tasks wait already";
						default -> "it is " + state();
					}));
		}
	}

	/**
	 * Has a worker do what may block, such as a query or a long computation. The result
	 * comes back to the loop: what follows from it, as by {@code thenAccept}, is called
	 * by the loop's thread as a handler is. A failure that nobody has asked for goes to
	 * the error handler of the loop. To cancel the future interrupts the worker, and so
	 * does {@link #close()}. The loop stops only after the work that it has begun.
	 * @param <T> the type of the result
	 * @param work what to do, on another thread than the loop's
	 * @return the result, for which a handler {@linkplain LoopFuture cannot wait}
	 * @throws RejectedExecutionException if too many pieces of work are under way, or the
	 * caller is no handler and the loop has too many posted tasks, or is stopping
	 * @throws IllegalStateException if the loop is closed or has failed
	 * @see MainLoopBuilder#workers
	 */
	public <T extends @Nullable Object> CompletableFuture<T> offload(Callable<? extends T> work) {
		Offloads known = this.offloads;
		return ((known != null) ? known : openOffloads()).begin(work);
	}

	private synchronized Offloads openOffloads() {
		Offloads opened = this.offloads;
		if (opened == null) {
			opened = new Offloads(this.cycle, this::execute, this.workers, this.offloadCapacity, this.threadContext);
			completions(Offloads.DESCRIPTION, opened.port());
			this.offloads = opened;
		}
		return opened;
	}

	/**
	 * Prepares for the calls of a handler that may block, which run on workers.
	 * @param description what log lines call the handler
	 * @param concurrency how many calls may run at a time, 1 or more
	 * @return what begins them
	 * @see MainLoopBuilder#workers
	 */
	public BlockingCalls blockingCalls(String description, int concurrency) {
		WorkerPort port = new WorkerPort(this.cycle.name(), description, this.workers, () -> {
		});
		BlockingCalls calls = new BlockingCalls(this.cycle.dispatcher()::latest, port, concurrency);
		completions(description, port);
		return calls;
	}

	/**
	 * Tells whether the caller is a handler, which runs on the loop's thread.
	 * @return {@code true} if it is
	 */
	public boolean isLoopThread() {
		return this.cycle.isLoopThread();
	}

	/**
	 * Asserts that the caller is a handler, which runs on the loop's thread.
	 * @throws IllegalStateException if it is not
	 */
	public void requireLoopThread() {
		Thread loopThread = thread();
		if (Thread.currentThread() != loopThread) {
			throw new IllegalStateException(
					"This runs on the thread '%s' and not on that of the %s, %s: pass it to MainLoop.execute".formatted(
							LogText.of(Thread.currentThread().getName()), this.cycle.name(),
							(loopThread != null) ? "'" + loopThread.getName() + "'" : "which does not run"));
		}
	}

	/**
	 * Runs the loop on the calling thread until it is told to {@link #stop()} and has
	 * handled the messages that wait, or is told to {@link #close()}.
	 * @throws UnusableCpusException if the process may not use all CPUs that the thread
	 * is to be pinned to
	 * @throws IllegalStateException if it runs already or is closed, or when it fails
	 */
	public void run() {
		this.cycle.enter(Thread.currentThread(), MainLoopState.RUNNING);
		this.cycle.run();
	}

	/**
	 * Runs one iteration on the calling thread, without waiting.
	 * @return {@code true} if a next one has something to do already
	 * @throws IllegalStateException if the loop runs on another thread or is closed
	 */
	public boolean runOnce() {
		return runOnce(Duration.ZERO);
	}

	/**
	 * Runs one iteration on the calling thread.
	 * @param timeout how long to wait for an event at most
	 * @return {@code true} if a next one has something to do already
	 * @throws IllegalStateException if the loop runs on another thread or is closed, or
	 * when it fails
	 */
	public boolean runOnce(Duration timeout) {
		long nanos = Nanos.of("timeout", timeout);
		Boolean runningBefore = LoopThreads.enter();
		try {
			return runOnce(nanos);
		}
		finally {
			LoopThreads.leave(runningBefore);
		}
	}

	private boolean runOnce(long timeoutNanos) {
		this.cycle.enter(Thread.currentThread(), null);
		boolean more;
		try {
			this.cycle.iterate(timeoutNanos);
			more = this.cycle.isBusy();
		}
		catch (Throwable ex) {
			this.cycle.fail(ex);
			throw ex;
		}
		finally {
			this.cycle.leave();
		}
		this.cycle.requireSound();
		return more;
	}

	/**
	 * Tells the loop to end {@link #run()}, after it has handled the messages and tasks
	 * that wait and those that their handlers send. Returns at once, and does nothing
	 * unless the loop runs. Until it runs again, its queues refuse the messages of other
	 * threads. Handlers that go on sending messages do not keep it from ending: a chain
	 * of messages, of which each is sent by the handler of the one before, is followed
	 * for 1000 links, and for up to 10000 where they take less than 10 s; what is left
	 * after that is logged with its number and waits for the next start. Loops that send
	 * to each other are stopped together by {@link MainLoopGroup#stop()}.
	 */
	public void stop() {
		this.cycle.stop();
	}

	/**
	 * Lets a loop that has failed be used again: its state is
	 * {@link MainLoopState#STOPPED} then, it takes new sources and can run. Does nothing
	 * unless it has failed.
	 */
	public void recover() {
		this.cycle.recover();
	}

	/**
	 * Closes the loop, its event sources and all that it holds, but for the file
	 * descriptors that were given to it. Once this has returned it takes no message, task
	 * or source any more. A loop that runs is ended after the handler that is running,
	 * and what it holds is released by its own thread; messages that wait then are
	 * counted in the log.
	 */
	@Override
	public void close() {
		this.cycle.close();
	}

	/**
	 * Closes the loop and waits for the handler that is running, but not for messages
	 * that wait, which are counted in the log. Does not wait if it is called by that
	 * handler.
	 * @param timeout how long to wait at most
	 * @return {@code true} if the loop is closed, {@code false} if that is left to its
	 * thread
	 */
	public boolean close(Duration timeout) {
		long nanos = Nanos.of("timeout", timeout);
		this.cycle.close();
		return this.cycle.awaitRelease(nanos);
	}

	/**
	 * Returns what the loop is doing.
	 * @return the state
	 */
	public MainLoopState state() {
		return this.cycle.life().state();
	}

	/**
	 * Returns why the loop has failed.
	 * @return what ended it, or {@code null} if it has not failed since it was run last
	 */
	public @Nullable Throwable failure() {
		return this.cycle.life().failure();
	}

	/**
	 * Returns the event sources that are disabled, as their handlers fail too often.
	 * @return the sources, in the order in which they were disabled, each to be resumed
	 * or closed
	 */
	public List<EventSource> disabledSources() {
		return this.cycle.errors().disabled();
	}

	/**
	 * Returns the thread that runs the loop.
	 * @return the thread, or {@code null} while none does
	 */
	public @Nullable Thread thread() {
		return this.cycle.life().owner();
	}

	/**
	 * Makes a thread that works for the loop: a daemon that may run on all CPUs that the
	 * process may use, also where a handler of a loop that is pinned to some makes it.
	 * @param purpose what it is for, which follows the name of the loop's thread in its
	 * own
	 * @param task what it runs
	 * @return the thread, to be started by the caller
	 */
	public Thread newThread(String purpose, Runnable task) {
		Thread thread = Affinity.thread(task, this.cycle.name().thread() + "-" + purpose);
		thread.setDaemon(true);
		return thread;
	}

	/**
	 * Tells which handler is running, with a look at the stack of the loop's thread.
	 * @return the handler, or {@code null} if none is
	 */
	public @Nullable RunningHandler runningHandler() {
		return this.cycle.runningHandler();
	}

	/**
	 * Has the next {@code SIGTERM} or {@code SIGINT} end the process at once, see
	 * {@link Runtime#halt}, whether or not it has handlers. Meant for who waits for a
	 * loop that does not stop while the process ends already; there is no way back. Where
	 * the signals reach neither a signalfd nor the JVM, the kernel does so anyway.
	 */
	public void haltBySignals() {
		this.cycle.signals().haltBySignals();
	}

	/**
	 * Tells how long {@code SIGTERM} or {@code SIGINT} has waited for its handlers, of
	 * all loops, before it began to end the process. Meant for who has a limited time for
	 * the whole, of which that is a part.
	 * @return the time, zero if neither has
	 */
	public Duration exitDelay() {
		return Duration.ofNanos(this.cycle.signals().exitDelayNanos());
	}

	/**
	 * Returns the kind of its multiplexer.
	 * @return the name, such as {@code epoll}
	 */
	public String multiplexerName() {
		return this.cycle.multiplexer().name();
	}

	/**
	 * Tells why its multiplexer is not the one that it would have been.
	 * @return the reason, or {@code null} if it is
	 */
	public @Nullable String multiplexerFallbackReason() {
		return this.cycle.multiplexer().fallbackReason();
	}

	/**
	 * Returns how its signals come.
	 * @return {@code signalfd}, {@code relay}, {@code none} while no signal is handled,
	 * or which comes how
	 */
	public String signalsDescription() {
		return this.cycle.signals().describe();
	}

	/**
	 * Counts its event sources, but for timers and file descriptors that are paused.
	 * @return the number of each kind: {@code descriptors}, {@code queues},
	 * {@code signals} and {@code timers}
	 */
	public Map<String, Integer> sourceCounts() {
		Map<String, Integer> counts = new TreeMap<>();
		counts.put("descriptors", this.cycle.descriptors().size());
		counts.put("queues", queues().size());
		counts.put("signals", this.cycle.signals().size());
		counts.put("timers", this.cycle.timers().size() + this.cycle.wallClock().size());
		return counts;
	}

	/**
	 * Lists its queues that are open.
	 * @return the queues, by their descriptions
	 */
	public List<QueueSource<?>> queues() {
		List<QueueSource<?>> queues = this.cycle.queues().list();
		queues.remove(this.cycle.tasks());
		return queues;
	}

	/**
	 * Lists its event sources that are open, paused or not. Timers that only have a
	 * delay, of which there may be very many, are not among them.
	 * @return the sources, by their descriptions
	 */
	public List<EventSource> sources() {
		List<EventSource> sources = new ArrayList<>(this.cycle.sources());
		sources.addAll(queues());
		sources.sort(Comparator.comparing(EventSource::description));
		return sources;
	}

	/**
	 * Returns what the loop has done.
	 * @return the numbers, which go on changing
	 */
	public LoopStatistics statistics() {
		return this.cycle.statistics();
	}

	/**
	 * Has a listener told of each lag that is measured, beside those that are already.
	 * @param listener is told, as long as it does not fail
	 */
	public void lagListener(LagListener listener) {
		this.cycle.dispatcher().lagListener(Objects.requireNonNull(listener, "'listener' must not be null"));
	}

	/**
	 * Returns the wall-clock time by the loop's clock.
	 * @return the time
	 */
	public Instant now() {
		return Instant.EPOCH.plusNanos(this.clock.nanoTime(ClockId.REALTIME));
	}

	/**
	 * Creates a log that sums up what happens again and again, such as bad input, by the
	 * clock of this loop and on its thread. It may be used by any thread, and is the
	 * caller's to close, before this loop.
	 * @param others sums up the kinds of lines that are too many
	 * @return the log
	 */
	public BurstLog burstLog(BurstLog.Kind others) {
		return new BurstLog(this.clock::nanoTime,
				(delay, task) -> after("sums of the log", delay, (timer) -> task.run()), others);
	}

	/** Returns what those use that run the loop. */
	DutyCycle cycle() {
		return this.cycle;
	}

}

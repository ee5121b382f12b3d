package dev.mainloop;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Queue;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.function.IntConsumer;
import java.util.function.Supplier;
import java.util.stream.Stream;

import dev.mainloop.fd.ClockId;
import dev.mainloop.fd.FileDescriptor;
import dev.mainloop.fd.Signal;
import dev.mainloop.libc.ErrnoException;
import dev.mainloop.multiplexer.IoMultiplexer;
import dev.mainloop.multiplexer.MultiplexerKind;
import dev.mainloop.multiplexer.Readiness;
import dev.mainloop.multiplexer.Trigger;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jctools.queues.atomic.MpmcAtomicArrayQueue;
import org.jctools.queues.atomic.MpscAtomicArrayQueue;
import org.jctools.queues.atomic.MpscUnboundedAtomicArrayQueue;
import org.jspecify.annotations.Nullable;

/**
 * A main loop: waits for events of its sources and runs their handlers one after another
 * on one thread, so that handlers share state without locks. A handler must not block, as
 * all others wait for it.
 *
 * <h2>One iteration</h2> The loop waits in its {@link IoMultiplexer}, without limit if
 * nothing is left to do and not at all otherwise. Then it calls the handlers of the file
 * descriptors that are ready, those of the timers that are due, and those of the queues
 * with messages, posted tasks among them. Nothing starves: a level-triggered file
 * descriptor is called once an iteration, and the timers and each queue have a budget;
 * what is left over makes the next wait return at once. The queues have their turns in
 * the order in which they got messages, and one that has used up its budget comes after
 * all others.
 *
 * <h2>Threads</h2> {@link #run()} makes the calling thread the loop's, for which
 * {@link MainLoopThread} provides one; {@link #runOnce()} runs a single iteration for a
 * test. All other methods, and those of the {@link EventSource}s, may be called by any
 * thread.
 *
 * <h2>Life</h2> A loop holds file descriptors from its creation until {@link #close()}.
 * Meanwhile it may run and {@link #stop()} any number of times.
 */
public final class MainLoop implements AutoCloseable {

	private static final Log logger = LogFactory.getLog(MainLoop.class);

	private static final int CONTROL_CHUNK = 256;

	private final Platform platform;

	private final NanoClock clock;

	private final int budget;

	private final Errors errors;

	private final IoMultiplexer multiplexer;

	private final WakeUp wakeUp;

	private volatile Timers[] allTimers = {};

	private final Descriptors descriptors;

	private final Signals signals;

	private final Queue<QueueSource<?>> readyQueues = new MpscUnboundedAtomicArrayQueue<>(CONTROL_CHUNK);

	private final QueueSource<Runnable> controls;

	private final QueueSource<Runnable> tasks;

	private final Set<QueueSource<?>> queues = ConcurrentHashMap.newKeySet();

	private final Set<ClockSource> clockSources = ConcurrentHashMap.newKeySet();

	private volatile State state = State.NEW;

	private volatile boolean stopRequested;

	private volatile boolean closeRequested;

	private volatile @Nullable Thread thread;

	private volatile @Nullable Throwable failure;

	private final CompletableFuture<Void> released = new CompletableFuture<>();

	private boolean workLeft;

	private MainLoop(Builder builder) {
		String cause = builder.platform.unavailabilityCause();
		if (cause != null) {
			throw new UnsupportedPlatformException(cause);
		}
		this.platform = builder.platform;
		this.clock = builder.clock;
		this.budget = builder.budget;
		this.errors = new Errors(this, new ErrorLog(this, this.clock), builder.errorHandler, builder.errorPolicy,
				builder.errorLimit);
		this.controls = new QueueSource<>(this, "control", new MpscUnboundedAtomicArrayQueue<>(CONTROL_CHUNK),
				Integer.MAX_VALUE, Overflow.REJECT, Runnable::run);
		this.tasks = newQueue("posted tasks", builder.taskCapacity, Overflow.REJECT, Runnable::run);
		this.signals = new Signals(this, builder.signals, builder.exit);
		try (Rollback rollback = new Rollback()) {
			this.multiplexer = rollback.add(builder.multiplexer.get());
			this.wakeUp = rollback.add(new WakeUp(this.platform.openEventFd()));
			Timers timers = rollback.add(newTimers(ClockId.MONOTONIC));
			this.descriptors = new Descriptors(this.multiplexer, this.wakeUp);
			boolean edge = this.multiplexer.supports(Trigger.EDGE);
			watchOwn("wake-up", this.wakeUp.eventFd(), (fd, readiness) -> this.wakeUp.happened(edge));
			watch(timers);
			this.allTimers = new Timers[] { timers };
			rollback.keep();
		}
	}

	private Timers newTimers(ClockId clock) {
		return new Timers(this.clock, clock, this.platform.openTimerFd(clock));
	}

	private void watch(Timers timers) {
		boolean edge = this.multiplexer.supports(Trigger.EDGE);
		watchOwn("timers", timers.timerFd(), (fd, readiness) -> timers.expired(edge));
	}

	/** Watches a file descriptor of the loop's own, edge-triggered where it can be. */
	private void watchOwn(String description, FileDescriptor fd, ReadinessHandler handler) {
		Trigger trigger = this.multiplexer.supports(Trigger.EDGE) ? Trigger.EDGE : Trigger.LEVEL;
		DescriptorSource.own(this, description, fd, trigger, handler).open();
	}

	/** Returns the timers on a clock, which are there from the first time on. */
	Timers timers(ClockId clock) {
		requireOpen();
		for (Timers some : this.allTimers) {
			if (some.clockId() == clock) {
				return some;
			}
		}
		return addTimers(clock);
	}

	private synchronized Timers addTimers(ClockId clock) {
		Timers[] known = this.allTimers;
		for (Timers some : known) {
			if (some.clockId() == clock) {
				return some;
			}
		}
		try (Rollback rollback = new Rollback()) {
			Timers added = rollback.add(newTimers(clock));
			watch(added);
			rollback.keep();
			Timers[] all = Arrays.copyOf(known, known.length + 1);
			all[known.length] = added;
			this.allTimers = all;
			return added;
		}
	}

	/**
	 * Starts to describe a loop.
	 * @return a builder with the defaults
	 */
	public static Builder builder() {
		return new Builder();
	}

	/**
	 * Watches a file descriptor, level-triggered.
	 * @param description what log lines call it
	 * @param fd the file descriptor, which stays the caller's to close
	 * @param interest bits of {@link Readiness} to wait for
	 * @param handler the handler
	 * @return the event source
	 * @throws IllegalArgumentException if epoll refuses it as it is always ready: a
	 * regular file or directory
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
	 * @param interest bits of {@link Readiness} to wait for
	 * @param trigger when the handler is called; {@link Trigger#ONE_SHOT} pauses the
	 * source before each call
	 * @param handler the handler
	 * @return the event source
	 * @throws IllegalArgumentException if epoll refuses it as it is always ready: a
	 * regular file or directory
	 * @throws UnsupportedOperationException if the multiplexer cannot do it
	 * @throws ErrnoException if the kernel refuses otherwise
	 */
	public DescriptorSource watch(String description, FileDescriptor fd, int interest, Trigger trigger,
			ReadinessHandler handler) {
		requireOpen();
		DescriptorSource source = new DescriptorSource(this, description, fd, interest, trigger, handler);
		source.open();
		return source;
	}

	/**
	 * Calls a handler once.
	 * @param description what log lines call it
	 * @param delay the time until then; zero or less is as soon as the loop comes to it
	 * @param handler the handler
	 * @return the timer, which closes when it expires
	 */
	public Timer after(String description, Duration delay, TimerHandler handler) {
		return timer(description).after(delay, handler);
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
		return timer(description).every(initialDelay, period, handler);
	}

	/**
	 * Starts to describe a timer with a clock or slack of its own.
	 * @param description what log lines call it
	 * @return a builder for the timer
	 */
	public Timer.Builder timer(String description) {
		return new Timer.Builder(this, description);
	}

	/**
	 * Handles that the wall clock is set, by an administrator or a time service that does
	 * not slew it.
	 * @param description what log lines call it
	 * @param handler the handler
	 * @return the event source
	 */
	public ClockSource onClockSet(String description, ClockSetHandler handler) {
		requireOpen();
		ClockSource source = new ClockSource(this, description, handler);
		source.open();
		this.clockSources.add(source);
		return source;
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
		requireOpen();
		SignalSource source = new SignalSource(this, description, signal, vetoExit, handler);
		this.signals.add(source);
		return source;
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
		requireOpen();
		QueueSource<T> queue = newQueue(description, capacity, overflow, handler);
		this.queues.add(queue);
		return queue;
	}

	private <T> QueueSource<T> newQueue(String description, int capacity, Overflow overflow,
			MessageHandler<? super T> handler) {
		if (capacity < 1) {
			throw new IllegalArgumentException("'capacity' must be 1 or more but is " + capacity);
		}
		int bound = Math.max(2, capacity);
		// Only the senders of a queue that drops its oldest take messages from it.
		if (overflow == Overflow.DROP_OLDEST) {
			MpmcAtomicArrayQueue<T> messages = new MpmcAtomicArrayQueue<>(bound);
			return new QueueSource<>(this, description, messages, messages.capacity(), overflow, handler);
		}
		MpscAtomicArrayQueue<T> messages = new MpscAtomicArrayQueue<>(bound);
		return new QueueSource<>(this, description, messages, messages.capacity(), overflow, handler);
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
		if (!this.tasks.offer(Objects.requireNonNull(task, "'task' must not be null"))) {
			throw new RejectedExecutionException("The main loop does not take %s: %s".formatted(task,
					accepts() ? this.tasks.capacity() + " posted tasks wait already" : "it is " + state()));
		}
	}

	/**
	 * Tells whether the caller is a handler, which runs on the loop's thread.
	 * @return {@code true} if it is
	 */
	public boolean isLoopThread() {
		return Thread.currentThread() == this.thread;
	}

	/**
	 * Asserts that the caller is a handler, which runs on the loop's thread.
	 * @throws IllegalStateException if it is not
	 */
	public void requireLoopThread() {
		Thread loopThread = this.thread;
		if (Thread.currentThread() != loopThread) {
			throw new IllegalStateException(
					"This runs on the thread '%s' and not on that of the main loop, %s: pass it to MainLoop.execute"
						.formatted(Thread.currentThread().getName(),
								(loopThread != null) ? "'" + loopThread.getName() + "'" : "which does not run"));
		}
	}

	/**
	 * Runs the loop on the calling thread until it is told to {@link #stop()} and has
	 * handled the messages that wait, or is told to {@link #close()}.
	 * @throws IllegalStateException if it runs already or is closed, or when it fails
	 */
	public void run() {
		enter(Thread.currentThread(), State.RUNNING);
		runEntered();
	}

	/** Runs the loop on the thread that has entered it. */
	void runEntered() {
		State last = State.FAILED;
		try {
			while (!this.stopRequested && !this.closeRequested) {
				iterate(-1);
				requireSound();
			}
			this.state = State.STOPPING;
			while (!this.closeRequested && listQueuesWithMessages()) {
				drainQueues();
				requireSound();
			}
			last = State.STOPPED;
		}
		catch (Throwable ex) {
			fail(ex);
			throw ex;
		}
		finally {
			this.errors.sumUp();
			leave(last);
		}
	}

	/** Has the loop end as failed after the iteration that is running. */
	void fail(Throwable cause) {
		if (this.failure == null) {
			this.failure = cause;
		}
	}

	private void requireSound() {
		Throwable cause = this.failure;
		if (cause != null) {
			throw new IllegalStateException("The main loop has failed", cause);
		}
	}

	/**
	 * Handles messages and tasks that wait, up to the budget of each queue, for a loop
	 * that stops by hand.
	 * @return {@code false} if none waited
	 */
	boolean handleWaiting() {
		boolean waiting = listQueuesWithMessages();
		drainQueues();
		return waiting;
	}

	/**
	 * Lists the queues with messages as ready if none is listed: a sender may have been
	 * held up between taking the place of its queue in the list and putting it there. One
	 * that is listed twice does no harm.
	 * @return {@code true} if one is listed
	 */
	private boolean listQueuesWithMessages() {
		if (this.readyQueues.isEmpty()) {
			allQueues().filter(QueueSource::hasWork).forEach(this.readyQueues::add);
		}
		return !this.readyQueues.isEmpty();
	}

	private Stream<QueueSource<?>> allQueues() {
		return Stream.concat(Stream.of(this.controls, this.tasks), this.queues.stream());
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
		State before = enter(Thread.currentThread(), null);
		State last = State.FAILED;
		try {
			iterate(Nanos.of(timeout));
			requireSound();
			last = before;
			return this.workLeft || !this.readyQueues.isEmpty() || isTimerDue();
		}
		catch (Throwable ex) {
			fail(ex);
			throw ex;
		}
		finally {
			leave(last);
		}
	}

	/**
	 * Makes a thread the loop's, before it runs the loop.
	 * @param entering the thread
	 * @param entered the state from now on, or {@code null} to leave it as it is
	 * @return the state before
	 */
	synchronized State enter(Thread entering, @Nullable State entered) {
		if (this.thread != null) {
			throw new IllegalStateException("The main loop runs on %s already".formatted(this.thread));
		}
		requireOpen();
		if (entered == State.RUNNING) {
			this.signals.takeOver();
		}
		State before = this.state;
		this.stopRequested = false;
		this.failure = null;
		this.state = (entered != null) ? entered : before;
		this.thread = entering;
		return before;
	}

	/** Ends what {@link #enter} began. */
	synchronized void leave(State left) {
		this.state = left;
		this.thread = null;
		if (left == State.FAILED) {
			this.signals.giveBack();
			this.queues.forEach(QueueSource::wakeSenders);
		}
		if (this.closeRequested) {
			release();
		}
	}

	private void iterate(long timeoutNanos) {
		int count = await(timeoutNanos);
		for (int i = 0; i < count && !this.closeRequested; i++) {
			Registration registration = this.descriptors.find(this.multiplexer.token(i));
			if (registration != null) {
				registration.dispatch(this.multiplexer.readiness(i));
			}
		}
		this.workLeft = false;
		for (Timers some : this.allTimers) {
			this.workLeft |= some.runDue(this.budget);
		}
		drainQueues();
	}

	private boolean isTimerDue() {
		return Arrays.stream(this.allTimers).anyMatch(Timers::isDue);
	}

	private int await(long timeoutNanos) {
		if (timeoutNanos == 0 || this.workLeft || !this.readyQueues.isEmpty()) {
			return this.multiplexer.await(0);
		}
		for (Timers some : this.allTimers) {
			some.beforeWait();
		}
		this.wakeUp.beforeWait();
		try {
			boolean work = !this.readyQueues.isEmpty() || this.stopRequested || this.closeRequested;
			return this.multiplexer.await(work ? 0 : timeoutNanos);
		}
		finally {
			this.wakeUp.afterWait();
		}
	}

	private void drainQueues() {
		for (int i = this.readyQueues.size(); i > 0; i--) {
			QueueSource<?> queue = this.readyQueues.poll();
			if (queue != null && queue.drain(this.budget)) {
				this.readyQueues.add(queue);
			}
		}
	}

	/**
	 * Tells the loop to end {@link #run()}, after it has handled the messages and tasks
	 * that wait and those that their handlers send. Returns at once, and does nothing
	 * unless the loop runs. Until it runs again, its queues refuse the messages of other
	 * threads.
	 */
	public synchronized void stop() {
		if (this.thread != null) {
			this.stopRequested = true;
			this.queues.forEach(QueueSource::wakeSenders);
			this.wakeUp.wakeUp();
		}
	}

	/**
	 * Closes the loop, its event sources and all that it holds, but for the file
	 * descriptors that were given to it. A loop that runs is ended after the handler that
	 * is running, or those of the timers that are due, and closed by its own thread;
	 * messages that wait then are counted in the log.
	 */
	@Override
	public synchronized void close() {
		if (this.closeRequested) {
			return;
		}
		this.closeRequested = true;
		if (this.thread == null) {
			release();
		}
		else {
			this.wakeUp.wakeUp();
		}
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
		close();
		if (!isLoopThread()) {
			this.released.copy().completeOnTimeout(null, Nanos.of(timeout), TimeUnit.NANOSECONDS).join();
			closeQueues();
		}
		return this.released.isDone();
	}

	private void release() {
		try {
			releaseAll();
		}
		finally {
			this.released.complete(null);
		}
	}

	private void releaseAll() {
		this.errors.sumUp();
		this.state = State.CLOSED;
		this.signals.close();
		this.descriptors.close();
		closeQueues();
		this.clockSources.forEach(ClockSource::close);
		Arrays.stream(this.allTimers).forEach(Timers::close);
		this.wakeUp.close();
		this.multiplexer.close();
	}

	/**
	 * Closes the queues of a loop that a handler keeps from closing itself, so that the
	 * messages that wait are counted in the log.
	 */
	synchronized void closeQueues() {
		this.queues.forEach(QueueSource::close);
		this.tasks.close();
	}

	boolean isClosing() {
		return this.closeRequested;
	}

	private void requireOpen() {
		if (this.closeRequested) {
			throw new IllegalStateException("The main loop is closed");
		}
	}

	/**
	 * Returns what the loop is doing.
	 * @return the state
	 */
	public State state() {
		State current = this.state;
		return (current == State.RUNNING && this.stopRequested) ? State.STOPPING : current;
	}

	/**
	 * Returns why the loop has failed.
	 * @return what ended it, or {@code null} if it has not failed since it was run last
	 */
	public @Nullable Throwable failure() {
		return this.failure;
	}

	/**
	 * Returns the event sources that are disabled, as their handlers fail too often.
	 * @return the sources, in the order in which they were disabled, each to be resumed
	 * or closed
	 */
	public List<EventSource> disabledSources() {
		return this.errors.disabled();
	}

	/**
	 * Returns the thread that runs the loop.
	 * @return the thread, or {@code null} while none does
	 */
	public @Nullable Thread thread() {
		return this.thread;
	}

	/**
	 * Returns the kind of its multiplexer.
	 * @return the name, such as {@code epoll}
	 */
	public String multiplexerName() {
		return this.multiplexer.name();
	}

	/**
	 * Tells why its multiplexer is not the one that it would have been.
	 * @return the reason, or {@code null} if it is
	 */
	public @Nullable String multiplexerFallbackReason() {
		return this.multiplexer.fallbackReason();
	}

	/**
	 * Returns how its signals come.
	 * @return {@code signalfd}, {@code relay}, {@code none} while no signal is handled,
	 * or which comes how
	 */
	public String signalsDescription() {
		return this.signals.describe();
	}

	/**
	 * Counts its event sources, but for timers and file descriptors that are paused.
	 * @return the number of each kind: {@code descriptors}, {@code queues},
	 * {@code signals} and {@code timers}
	 */
	public Map<String, Integer> sourceCounts() {
		Map<String, Integer> counts = new TreeMap<>();
		counts.put("descriptors", this.descriptors.size());
		counts.put("queues", this.queues.size());
		counts.put("signals", this.signals.size());
		counts.put("timers", Arrays.stream(this.allTimers).mapToInt(Timers::size).sum() + this.clockSources.size());
		return counts;
	}

	/**
	 * Lists its queues that are open.
	 * @return the queues, by their descriptions
	 */
	public List<QueueSource<?>> queues() {
		List<QueueSource<?>> list = new ArrayList<>(this.queues);
		list.sort(Comparator.comparing(EventSource::description));
		return list;
	}

	/**
	 * Returns the wall-clock time by the loop's clock.
	 * @return the time
	 */
	public Instant now() {
		return Instant.EPOCH.plusNanos(this.clock.nanoTime(ClockId.REALTIME));
	}

	/**
	 * Names the event sources that have something to do: queues with messages, and of
	 * each clock a timer that is due. To be called by a thread that could run the loop.
	 */
	List<String> busySources() {
		Stream<EventSource> timers = Arrays.stream(this.allTimers).filter(Timers::isDue).map(Timers::earliest);
		Stream<EventSource> busy = Stream.concat(allQueues().filter(QueueSource::hasWork), timers);
		return busy.map(EventSource::description).toList();
	}

	Platform platform() {
		return this.platform;
	}

	NanoClock clock() {
		return this.clock;
	}

	Descriptors descriptors() {
		return this.descriptors;
	}

	Signals signals() {
		return this.signals;
	}

	Errors errors() {
		return this.errors;
	}

	/** Whether a source is a queue by which the loop itself works. */
	boolean isOwn(EventSource source) {
		return source == this.controls || source == this.tasks;
	}

	/** Calls a handler of the loop's own once, to be called on the loop's thread. */
	Timer own(String description, long delayNanos, TimerHandler handler) {
		Timers timers = this.allTimers[0];
		Timer timer = new Timer(this, timers, description, timers.now() + delayNanos, 0, 0, handler);
		timer.schedule();
		return timer;
	}

	/** Whether a message of the calling thread is taken. */
	boolean accepts() {
		State current = this.state;
		return (!this.stopRequested && (current == State.RUNNING || current == State.NEW)) || isLoopThread();
	}

	/** Has the loop come to a queue that had no place among the ready ones. */
	void ready(QueueSource<?> queue) {
		this.readyQueues.add(queue);
		this.wakeUp.wakeUp();
	}

	/** Runs an action at once on the loop's thread, or has it run there. */
	void onLoop(Runnable action) {
		if (isLoopThread()) {
			action.run();
		}
		else {
			post(action);
		}
	}

	/** Has an action run on the loop's thread, whether the loop runs or not yet. */
	void post(Runnable action) {
		if (this.state != State.CLOSED) {
			this.controls.add(action);
		}
	}

	void clockSourceClosed(ClockSource source) {
		this.clockSources.remove(source);
	}

	void queueClosed(QueueSource<?> queue) {
		this.queues.remove(queue);
		int left = queue.size();
		if (left > 0) {
			logger.warn("The queue '%s' was closed with %d messages that were not handled".formatted(queue, left));
		}
	}

	/** The states of a loop. */
	public enum State {

		/** It has not run yet. */
		NEW,

		/** It runs. */
		RUNNING,

		/** It was told to stop and handles what waits. */
		STOPPING,

		/** It has stopped and can run again. */
		STOPPED,

		/** It ended by an error of its own and does not run. */
		FAILED,

		/** It is closed for good. */
		CLOSED

	}

	/**
	 * Describes a {@link MainLoop}.
	 */
	public static final class Builder {

		private Supplier<? extends IoMultiplexer> multiplexer = MultiplexerKind.AUTO;

		private Platform platform = Platform.LINUX;

		private NanoClock clock = NanoClock.SYSTEM;

		private SignalMode signals = SignalMode.AUTO;

		private @Nullable ErrorHandler errorHandler;

		private ErrorPolicy errorPolicy = ErrorPolicy.CONTINUE;

		private int errorLimit = 10;

		private IntConsumer exit = Builder::exitFromAnotherThread;

		private int budget = 256;

		private int taskCapacity = 8192;

		private Builder() {
		}

		private static void exitFromAnotherThread(int code) {
			new Thread(() -> System.exit(code), "mainloop-exit").start();
		}

		/**
		 * Sets what the loop waits with, {@link MultiplexerKind#AUTO} by default.
		 * @param multiplexer a {@link MultiplexerKind}, or what else opens one; the loop
		 * closes it
		 * @return this builder
		 */
		public Builder multiplexer(Supplier<? extends IoMultiplexer> multiplexer) {
			this.multiplexer = multiplexer;
			return this;
		}

		/**
		 * Sets what the loop has of the operating system, {@link Platform#LINUX} by
		 * default.
		 * @param platform the platform
		 * @return this builder
		 */
		public Builder platform(Platform platform) {
			this.platform = platform;
			return this;
		}

		/**
		 * Sets the clock of the timers, {@link NanoClock#SYSTEM} by default.
		 * @param clock the clock
		 * @return this builder
		 */
		public Builder clock(NanoClock clock) {
			this.clock = clock;
			return this;
		}

		/**
		 * Sets how signals reach the loop, {@link SignalMode#AUTO} by default.
		 * @param signals the mode
		 * @return this builder
		 */
		public Builder signals(SignalMode signals) {
			this.signals = signals;
			return this;
		}

		/**
		 * Sets who is told what handlers throw, by default the log, which sums up a burst
		 * of the same error.
		 * @param errorHandler the error handler
		 * @return this builder
		 */
		public Builder errorHandler(ErrorHandler errorHandler) {
			this.errorHandler = errorHandler;
			return this;
		}

		/**
		 * Sets what becomes of an event source whose handler fails again and again,
		 * {@link ErrorPolicy#CONTINUE} by default. Posted tasks do not count.
		 * @param policy what to do
		 * @param limit how many errors without a success between them are too many, 1 or
		 * more
		 * @return this builder
		 */
		public Builder errorPolicy(ErrorPolicy policy, int limit) {
			if (limit < 1) {
				throw new IllegalArgumentException("'limit' must be 1 or more but is " + limit);
			}
			this.errorPolicy = policy;
			this.errorLimit = limit;
			return this;
		}

		/**
		 * Sets what ends the process after {@code SIGTERM} or {@code SIGINT} was handled,
		 * by default {@link System#exit} on a thread of its own.
		 * @param exit called on the loop's thread, which it must not block, with the exit
		 * code
		 * @return this builder
		 */
		public Builder exit(IntConsumer exit) {
			this.exit = exit;
			return this;
		}

		/**
		 * Sets how many timers, and how many messages of each queue, are handled in one
		 * iteration, 256 by default.
		 * @param budget the number, 1 or more
		 * @return this builder
		 */
		public Builder budget(int budget) {
			if (budget < 1) {
				throw new IllegalArgumentException("'budget' must be 1 or more but is " + budget);
			}
			this.budget = budget;
			return this;
		}

		/**
		 * Sets how many posted tasks can wait, 8192 by default.
		 * @param taskCapacity the number, rounded up to a power of two
		 * @return this builder
		 */
		public Builder taskCapacity(int taskCapacity) {
			this.taskCapacity = taskCapacity;
			return this;
		}

		/**
		 * Makes the loop, which holds file descriptors from now on.
		 * @return the loop, to be closed by the caller
		 * @throws UnsupportedPlatformException if the host has no epoll
		 * @throws ErrnoException if the kernel refuses what the loop needs
		 */
		public MainLoop build() {
			return new MainLoop(this);
		}

	}

}

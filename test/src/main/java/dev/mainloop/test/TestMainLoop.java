package dev.mainloop.test;

import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.OptionalInt;
import java.util.stream.Stream;

import dev.mainloop.MainLoopState;
import dev.mainloop.fd.ExitStatus;
import dev.mainloop.fd.FileDescriptor;
import dev.mainloop.fd.Pressure;
import dev.mainloop.fd.PressureResource;
import dev.mainloop.fd.Signal;
import dev.mainloop.fd.SignalInfo;
import dev.mainloop.file.FileOperation;
import dev.mainloop.handler.EventQueues;
import dev.mainloop.handler.FileWatchers;
import dev.mainloop.libc.Errno;
import dev.mainloop.socket.PeerCredentials;
import dev.mainloop.test.InMemoryLoops.TestLoop;
import dev.mainloop.watch.FileChange;

import org.springframework.beans.factory.BeanFactory;

/**
 * Drives the main loop of a test. Each call makes something happen and runs the loop on
 * the calling thread until it is idle, so that all handlers have been called when it
 * returns. Where the application has several loops, they have their turns on the calling
 * thread, an iteration each: the main loop first, the others in the order of their names.
 * What the application does meanwhile, such as sending messages, is handled in the same
 * call.
 * <p>
 * What a handler throws is thrown to the test at the end of the call, as a
 * {@link UnhandledErrorException}, when the loop has gone on to idleness as always. An
 * error handler bean of the application is told instead, if there is one.
 * <p>
 * A loop that has not become idle after {@value #MAX_ITERATIONS} iterations fails the
 * test, as its handlers give it work without end.
 * <p>
 * To be used by one thread at a time, and not by handlers.
 *
 * @see AutoConfigureTestMainLoop
 */
public final class TestMainLoop {

	/** How many iterations a call may take, of which an idle loop takes two. */
	static final int MAX_ITERATIONS = 10_000;

	/** The loop arms its timers only before it waits, which in memory takes no time. */
	private static final Duration WAIT = Duration.ofNanos(1);

	private final TestLoop main;

	private final InMemoryLoops loops;

	private final TestPlatform platform;

	private final TestFileCalls fileCalls;

	private final TestWorkers workers;

	private final TestPressure pressure;

	private final FileWatchers watchers;

	private final HandlerErrors errors;

	private final EventQueues queues;

	private final BeanFactory beanFactory;

	TestMainLoop(TestLoop main, InMemoryLoops loops, TestPlatform platform, TestFileCalls fileCalls,
			TestWorkers workers, TestPressure pressure, FileWatchers watchers, HandlerErrors errors, EventQueues queues,
			BeanFactory beanFactory) {
		this.main = main;
		this.loops = loops;
		this.platform = platform;
		this.fileCalls = fileCalls;
		this.workers = workers;
		this.pressure = pressure;
		this.watchers = watchers;
		this.errors = errors;
		this.queues = queues;
		this.beanFactory = beanFactory;
		platform.loop(() -> {
			if (!isDriven()) {
				runUntilIdle();
			}
		});
	}

	/**
	 * Runs the loop until it has nothing to do, after messages were sent to
	 * {@code EventQueue} beans or tasks were posted, say.
	 */
	public void runUntilIdle() {
		run(() -> {
		});
	}

	/**
	 * Lets time pass on all clocks. Timers that become due are handled in the order of
	 * their deadlines, and time stands still at each deadline until the loop is idle.
	 * @param duration how much time
	 */
	public void advance(Duration duration) {
		if (duration.isNegative()) {
			throw new IllegalArgumentException("'duration' must not be negative but is " + duration);
		}
		run(() -> {
			Duration left = duration;
			awaitIdleness();
			for (Duration step = this.platform.untilNextTimer(); step.compareTo(left) <= 0; step = this.platform
				.untilNextTimer()) {
				this.platform.clocks().advance(step);
				left = left.minus(step);
				awaitIdleness();
			}
			this.platform.clocks().advance(left);
		});
	}

	/**
	 * Returns the time of the wall clock, which is the beginning of the year 2000 in UTC
	 * at first.
	 * @return the time
	 */
	public Instant now() {
		return this.platform.clocks().wallClock();
	}

	/**
	 * Sets the wall clock, as an administrator does.
	 * @param time what it shows from now on
	 */
	public void setWallClock(Instant time) {
		run(() -> this.platform.setWallClock(time));
	}

	/**
	 * Suspends the machine. Time passes on the wall clock and those that count the time
	 * of a suspension, and not on the monotonic one; timers that became due meanwhile are
	 * late, and the wall clock was not set.
	 * @param duration how long
	 */
	public void suspend(Duration duration) {
		if (duration.isNegative()) {
			throw new IllegalArgumentException("'duration' must not be negative but is " + duration);
		}
		run(() -> this.platform.suspend(duration));
	}

	/**
	 * Sends a signal to the application, without telling who sent it.
	 * @param name the name of the signal, such as {@code SIGHUP}
	 * @throws IllegalStateException if no handler ever took it and it does not end the
	 * application either
	 */
	public void raise(String name) {
		raise(SignalInfo.of(Signal.of(name)));
	}

	/**
	 * Sends a signal to the application.
	 * @param signal the signal
	 * @throws IllegalStateException if no handler ever took it and it does not end the
	 * application either
	 */
	public void raise(SignalInfo signal) {
		run(() -> this.platform.send(signal));
	}

	/**
	 * Takes the exit code with which the process would have ended after {@code SIGTERM}
	 * or {@code SIGINT}. Here it goes on.
	 * @return the exit code, if it would have ended since the code was taken last
	 */
	public OptionalInt takeExitCode() {
		return this.platform.takeExitCode();
	}

	/**
	 * Sends a message to those {@code @OnMessage} methods that take its type.
	 * @param message the message
	 */
	public void send(Object message) {
		run(() -> send(message.getClass(), message));
	}

	@SuppressWarnings("unchecked")
	private <T> void send(Class<T> type, Object message) {
		this.queues.get(type).send((T) message);
	}

	/**
	 * Returns a {@code FileDescriptor} bean.
	 * @param beanName its name
	 * @return the file descriptor that replaces it
	 */
	public TestFileDescriptor fileDescriptor(String beanName) {
		return this.beanFactory.getBean(beanName, TestFileDescriptor.class);
	}

	/**
	 * Returns an {@code EventFd} bean.
	 * @param beanName its name
	 * @return the eventfd that replaces it
	 */
	public TestEventFd eventFd(String beanName) {
		return this.beanFactory.getBean(beanName, TestEventFd.class);
	}

	/**
	 * Connects to a {@code ListeningSocket} bean, as this process would.
	 * @param beanName its name
	 * @return the connection, which waits if as many are open as may be
	 */
	public TestStreamSocket connect(String beanName) {
		return connect(beanName, new PeerCredentials((int) ProcessHandle.current().pid(), 0, 0));
	}

	/**
	 * Connects to a {@code ListeningSocket} bean.
	 * @param beanName its name
	 * @param peer who connects
	 * @return the connection, which waits if as many are open as may be
	 */
	public TestStreamSocket connect(String beanName, PeerCredentials peer) {
		TestStreamSocket socket = this.beanFactory.getBean(beanName, TestListeningSocket.class).connect(peer);
		runUntilIdle();
		return socket;
	}

	/**
	 * Has tasks wait for a resource for longer than any {@code @OnPressure} method of it
	 * is to bear, once.
	 * @param resource the resource
	 * @param pressure what the methods are told, until it is called again
	 * @throws IllegalStateException if there is no such method
	 */
	public void pressure(PressureResource resource, Pressure pressure) {
		run(() -> this.pressure.pass(resource, pressure));
	}

	/**
	 * Tells of a change of a file, whether or not there is one, to those
	 * {@code @OnFileChange} methods that watch it. A method with {@code settle} is called
	 * once time has {@linkplain #advance passed}.
	 * @param path the file, which may be relative to the working directory
	 * @param kind what has happened to it
	 * @throws IllegalStateException if there is no such method
	 */
	public void changeFile(Path path, FileChange.Kind kind) {
		run(() -> {
			if (!this.watchers.tell(new FileChange(kind, path.toAbsolutePath()))) {
				throw new IllegalStateException("No handler watches the file " + path);
			}
		});
	}

	/**
	 * Returns a child of the application, which a test plays the part of: nothing is
	 * started.
	 * @param program the program of its command, or the last name of its path
	 * @return the one that was started last, whether or not it has ended
	 * @throws IllegalStateException if none was started
	 */
	public TestChild child(String program) {
		return this.platform.processes().child(program);
	}

	/**
	 * Ends a process that the application waits for by {@code MainLoop.onExit}.
	 * @param pid the number of the process
	 * @param status how it has ended
	 * @throws IllegalStateException if the application does not wait for it
	 */
	public void exit(long pid, ExitStatus status) {
		run(() -> this.platform.processes().exit(pid, status));
	}

	/**
	 * Has the next file operation of a type fail that is begun from now on, without being
	 * carried out. Called twice, it has the next two fail.
	 * @param type the type, such as {@link FileOperation.Type#SYNC}
	 * @param errno why, such as {@link Errno#EIO}
	 */
	public void failNext(FileOperation.Type type, Errno errno) {
		this.fileCalls.failNext(type, errno);
	}

	/**
	 * Has all that may block wait from now on: calls of {@code @Blocking} methods and
	 * offloaded work, which otherwise are done by the thread of the test, one after
	 * another, before a call returns.
	 */
	public void holdWork() {
		this.workers.hold();
	}

	/**
	 * Returns how much waits of what may block.
	 * @return the number of calls and pieces of offloaded work that were begun since
	 * {@link #holdWork()}
	 */
	public int heldWork() {
		return this.workers.size();
	}

	/**
	 * Has done what waits since {@link #holdWork()}, in the order in which it was begun,
	 * and what is begun from now on.
	 */
	public void releaseWork() {
		run(this.workers::release);
	}

	private void run(Runnable event) {
		if (isDriven()) {
			throw new IllegalStateException("A handler cannot drive the main loop that it runs on");
		}
		try {
			event.run();
			awaitIdleness();
		}
		catch (Throwable ex) {
			this.errors.moveTo(ex);
			throw ex;
		}
		this.errors.rethrow();
	}

	/** Whether a handler of any loop is the caller. */
	private boolean isDriven() {
		return all().anyMatch((some) -> some.loop().isLoopThread());
	}

	private Stream<TestLoop> all() {
		return Stream.concat(Stream.of(this.main), this.loops.others().stream());
	}

	private void awaitIdleness() {
		int idle = 0;
		for (int i = 0; idle < 2 && this.main.loop().state() != MainLoopState.CLOSED; i++) {
			if (i == MAX_ITERATIONS) {
				throw new AssertionError(("The main loop is not idle after %d iterations: its handlers give it work "
						+ "without end, or leave a file descriptor ready. There is work for %s")
					.formatted(i, busySources()));
			}
			boolean work = false;
			for (TestLoop some : all().toList()) {
				work |= some.loop().state() != MainLoopState.CLOSED && some.invoker().runOnce(WAIT);
			}
			work |= this.workers.run();
			idle = (work || !this.platform.ready().isEmpty()) ? 0 : idle + 1;
		}
	}

	private List<String> busySources() {
		Stream<String> descriptors = this.platform.ready().stream().map(FileDescriptor::toString);
		return Stream.concat(all().flatMap((some) -> some.invoker().busySources().stream()), descriptors).toList();
	}

}

package dev.mainloop.handler;

import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

import dev.mainloop.MainLoop;
import dev.mainloop.MainLoopState;
import dev.mainloop.Timer;
import dev.mainloop.fd.ExitStatus;
import dev.mainloop.fd.Signal;
import dev.mainloop.libc.ErrnoException;
import dev.mainloop.process.ChildProcess;
import dev.mainloop.process.Command;
import org.jspecify.annotations.Nullable;

/**
 * A child that runs while the application does, one after another if it is to be started
 * again.
 */
final class SupervisedChild {

	private static final Signal KILL = Signal.of("KILL");

	/** How long the end of a child that was killed is waited for. */
	private static final Duration LAST_WAIT = Duration.ofSeconds(1);

	private final HandlerMethod method;

	private final BeanReference command;

	private final Duration grace;

	private final @Nullable Duration pause;

	private final HandlerCall<Exit> call;

	private @Nullable MainLoop loop;

	private @Nullable ChildLines lines;

	private @Nullable ChildProcess child;

	private @Nullable Timer restart;

	private boolean stopping;

	/** Completes when the end of the child was handled. */
	private CompletableFuture<Void> end = CompletableFuture.completedFuture(null);

	/**
	 * Creates a child that is not started.
	 * @param method is told of its end
	 * @param command what is started
	 * @param grace how long it has to end
	 * @param pause how long after its end it is started again, or {@code null} if it is
	 * not
	 * @param call calls the method
	 */
	SupervisedChild(HandlerMethod method, BeanReference command, Duration grace, @Nullable Duration pause,
			HandlerCall<Exit> call) {
		this.method = method;
		this.command = command;
		this.grace = grace;
		this.pause = pause;
		this.call = call;
	}

	/** Sets the loop that it belongs to. */
	synchronized void on(MainLoop loop) {
		this.loop = loop;
	}

	synchronized boolean isOn(MainLoop loop) {
		return this.loop == loop;
	}

	String command() {
		return this.command.name();
	}

	/**
	 * Has the lines of its standard output handled.
	 * @param lines handles them
	 * @return {@code false} if it runs without
	 */
	synchronized boolean connect(ChildLines lines) {
		if (this.end.isDone()) {
			this.lines = lines;
		}
		return this.lines == lines;
	}

	/** Returns what runs, or has run last. */
	synchronized ChildProcess process() {
		return Objects.requireNonNull(this.child);
	}

	/** Starts it, unless it runs. */
	synchronized void start() {
		this.stopping = false;
		if (!this.end.isDone() || this.loop == null) {
			return;
		}
		try {
			run(this.loop);
		}
		catch (IllegalArgumentException | UnsupportedOperationException | ErrnoException ex) {
			throw this.method.invalid(
					"its child '%s' cannot be started (%s)".formatted(this.command.name(), ex.getMessage()),
					(ex instanceof ErrnoException error) ? ErrnoAdvice.of(error)
							: "Correct what the bean '%s' says.".formatted(this.command.name()),
					ex);
		}
	}

	private void run(MainLoop loop) {
		Command command = (Command) this.command.get();
		if (this.lines != null) {
			this.lines.takeFrom(command);
		}
		this.child = command.killedWithLoop().start(loop, this.method.name(), (status) -> ended(loop, status));
		this.end = new CompletableFuture<>();
	}

	private void ended(MainLoop loop, ExitStatus status) throws Exception {
		ChildProcess ended;
		synchronized (this) {
			ended = this.child;
		}
		try {
			if (ended != null) {
				this.call.invoke(new Exit(status, ended));
			}
		}
		finally {
			restart(loop);
		}
	}

	private synchronized void restart(MainLoop loop) {
		this.end.complete(null);
		if (this.pause != null && !this.stopping) {
			this.restart = loop.after("restart of " + this.command.name(), this.pause, (timer) -> runAgain(loop));
		}
	}

	private synchronized void runAgain(MainLoop loop) {
		if (this.stopping) {
			return;
		}
		boolean done = false;
		try {
			run(loop);
			done = true;
		}
		finally {
			if (!done) {
				restart(loop);
			}
		}
	}

	/**
	 * Has it end.
	 * @return completes when its end was handled, or is not waited for any more
	 */
	synchronized CompletableFuture<Void> stop() {
		this.stopping = true;
		if (this.restart != null) {
			this.restart.close();
		}
		ChildProcess ending = this.child;
		MainLoop loop = this.loop;
		if (this.end.isDone() || ending == null || loop == null || loop.state() == MainLoopState.CLOSED) {
			return CompletableFuture.completedFuture(null);
		}
		if (loop.state() != MainLoopState.RUNNING) {
			ending.signal(KILL);
			return CompletableFuture.completedFuture(null);
		}
		ending.terminate(this.grace);
		if (loop.isLoopThread()) {
			return CompletableFuture.completedFuture(null);
		}
		return this.end.copy()
			.completeOnTimeout(null, this.grace.plus(LAST_WAIT).toMillis(), TimeUnit.MILLISECONDS)
			.thenRun(() -> kill(ending));
	}

	/** Ends one whose loop has not, as a handler keeps it from that. */
	private static void kill(ChildProcess child) {
		try {
			child.signal(KILL);
		}
		catch (IllegalStateException ex) {
			// Its loop was closed, and has killed it.
		}
	}

	/**
	 * The end of a child.
	 *
	 * @param status how it has ended
	 * @param child the child
	 */
	record Exit(ExitStatus status, ChildProcess child) {

	}

}

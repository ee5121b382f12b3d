package dev.mainloop.test;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;

import dev.mainloop.fd.ChildFd;
import dev.mainloop.fd.ExitStatus;
import dev.mainloop.fd.FileDescriptor;
import dev.mainloop.fd.Signal;
import dev.mainloop.fd.Spawn;
import dev.mainloop.fd.Stdio;
import dev.mainloop.multiplexer.Readiness;
import org.jspecify.annotations.Nullable;

/**
 * A child that the application has started and whose part the test plays. What the test
 * has it do is handled when the call returns, with the errors of handlers thrown as
 * {@link TestMainLoop} does, unless a handler calls.
 */
public final class TestChild extends ChildFd implements Pollable {

	private static final Signal KILL = Signal.of("KILL");

	private final Spawn spawn;

	private final List<Signal> signals = new ArrayList<>();

	private @Nullable ExitStatus status;

	private volatile Runnable loop = () -> {
	};

	TestChild(long pid, Spawn spawn) {
		super(pid, Arrays.asList(pipe("standard input", spawn.input()), pipe("standard output", spawn.output()),
				pipe("standard error", spawn.error())));
		this.spawn = spawn;
	}

	private static @Nullable FileDescriptor pipe(String description, Stdio stdio) {
		return (stdio == Stdio.PIPE) ? new TestFileDescriptor(description) : null;
	}

	boolean isOf(String program) {
		String started = this.spawn.arguments().get(0);
		return started.equals(program) || Path.of(started).endsWith(program);
	}

	/**
	 * Returns what the application has started it as.
	 * @return its arguments, environment, working directory and streams
	 */
	public Spawn spawn() {
		return this.spawn;
	}

	/**
	 * Writes to its standard output.
	 * @param text the text, with the ends of its lines
	 * @throws IllegalStateException if that is no pipe
	 */
	public void write(String text) {
		pipeTo(1).receive(text);
	}

	/**
	 * Writes to its standard error.
	 * @param text the text, with the ends of its lines
	 * @throws IllegalStateException if that is no pipe
	 */
	public void writeError(String text) {
		pipeTo(2).receive(text);
	}

	/**
	 * Takes what the application has written to its standard input.
	 * @return the text since it was taken last
	 * @throws IllegalStateException if that is no pipe
	 */
	public String takeInput() {
		return pipeTo(0).takeWritten();
	}

	private TestFileDescriptor pipeTo(int stream) {
		if (!(pipe(stream) instanceof TestFileDescriptor pipe)) {
			throw new IllegalStateException("The stream %d of the %s is no pipe".formatted(stream, this));
		}
		return pipe;
	}

	/**
	 * Takes the signals that the application has sent to it. {@code SIGKILL} ends it, and
	 * others are left to the test.
	 * @return the signals since they were taken last
	 */
	public synchronized List<Signal> takeSignals() {
		List<Signal> taken = List.copyOf(this.signals);
		this.signals.clear();
		return taken;
	}

	/**
	 * Ends it.
	 * @param code what it returns
	 */
	public void exit(int code) {
		end(ExitStatus.exited(code));
	}

	/**
	 * Ends it.
	 * @param status how
	 * @throws IllegalStateException if it has ended
	 */
	public void end(ExitStatus status) {
		synchronized (this) {
			if (this.status != null) {
				throw new IllegalStateException("The %s has ended".formatted(this));
			}
			this.status = Objects.requireNonNull(status, "'status' must not be null");
		}
		this.loop.run();
	}

	@Override
	public synchronized @Nullable ExitStatus status() {
		return this.status;
	}

	@Override
	public boolean signal(Signal signal) {
		synchronized (this) {
			if (this.status != null) {
				return false;
			}
			requireOpen();
			this.signals.add(signal);
		}
		if (signal.equals(KILL)) {
			end(ExitStatus.killed(signal));
		}
		return true;
	}

	@Override
	public synchronized int readiness() {
		return (this.status != null) ? Readiness.READABLE : 0;
	}

	@Override
	public synchronized long changes() {
		return (this.status != null) ? 1 : 0;
	}

	@Override
	public void watchedBy(Runnable loop) {
		this.loop = loop;
	}

}

package dev.mainloop.process;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

import dev.mainloop.ExitHandler;
import dev.mainloop.MainLoop;
import dev.mainloop.QueueSource;
import dev.mainloop.Timer;
import dev.mainloop.fd.ChildFd;
import dev.mainloop.fd.ExitStatus;
import dev.mainloop.fd.FileDescriptor;
import dev.mainloop.fd.Signal;
import dev.mainloop.fd.Spawn;
import dev.mainloop.libc.ErrnoException;
import dev.mainloop.log.LogText;
import org.jspecify.annotations.Nullable;

/**
 * A child of this process that a loop has started, by a {@link Command}. No thread waits
 * for it: the loop is told of its end, and takes its status, so that it is no zombie.
 *
 * <h2>Output</h2> The exit handler is called after the handler of lines or frames was
 * given all that the child has written. What its own children write to the same pipe
 * after its end is not read any more. A reader that is paused keeps the exit handler from
 * being called, until it is resumed.
 *
 * <h2>The end of the loop</h2> A child that runs when its loop is closed goes on, unless
 * it is {@linkplain Command#killedWithLoop() killed}; nobody is told of its end. While
 * its loop is stopped, its end waits to be told of.
 *
 * <p>
 * All methods may be called by any thread.
 */
public final class ChildProcess {

	private static final Signal TERM = Signal.of("TERM");

	private static final Signal KILL = Signal.of("KILL");

	private final MainLoop loop;

	private final String description;

	private final ChildFd fd;

	private final ExitHandler handler;

	private final List<ChildOutput<?>> outputs = new ArrayList<>();

	/** How many of them have not ended; owned by the loop's thread. */
	private int openOutputs;

	/** Tells of the end behind the last frame. */
	private final @Nullable QueueSource<ExitStatus> exits;

	/** Kills it if it takes too long to end; guarded by this object's lock. */
	private @Nullable Timer killing;

	private volatile @Nullable ExitStatus status;

	private ChildProcess(MainLoop loop, String description, ChildFd fd, boolean hasOutputs, ExitHandler handler) {
		this.loop = loop;
		this.description = description;
		this.fd = fd;
		this.handler = Objects.requireNonNull(handler, "'handler' must not be null");
		this.exits = hasOutputs ? loop.queue(description, 1, this::tell) : null;
	}

	static ChildProcess start(MainLoop loop, String description, Spawn spawn, Command.@Nullable Frames<?> output,
			Command.@Nullable Frames<?> error, boolean killedWithLoop, ExitHandler handler) {
		ChildFd fd = loop.spawn(spawn);
		ChildProcess child = null;
		boolean done = false;
		try {
			child = new ChildProcess(loop, description, fd, output != null || error != null, handler);
			child.open(output, error, killedWithLoop);
			done = true;
			return child;
		}
		finally {
			if (!done) {
				fd.killAtClose();
				fd.close();
				closePipes(fd);
				if (child != null && child.exits != null) {
					child.exits.close();
				}
			}
		}
	}

	private void open(Command.@Nullable Frames<?> output, Command.@Nullable Frames<?> error, boolean killedWithLoop) {
		if (killedWithLoop) {
			this.fd.killAtClose();
		}
		this.openOutputs = ((output != null) ? 1 : 0) + ((error != null) ? 1 : 0);
		this.fd.onClose(this::closed);
		open("output", 1, output);
		open("error", 2, error);
		this.loop.onExit((this.exits != null) ? "end of " + this.description : this.description, this.fd, this::ended);
	}

	private <F> void open(String name, int stream, Command.@Nullable Frames<F> frames) {
		if (frames != null) {
			FileDescriptor pipe = Objects.requireNonNull(this.fd.pipe(stream));
			this.outputs
				.add(ChildOutput.open(this.loop, name + " of " + this.description, pipe, frames, this::outputEnded));
		}
	}

	/** Called on the loop's thread when the child has ended. */
	private void ended(ExitStatus status) throws Exception {
		synchronized (this) {
			this.status = status;
			if (this.killing != null) {
				this.killing.close();
			}
		}
		if (this.openOutputs == 0) {
			tell(status);
			return;
		}
		for (ChildOutput<?> output : this.outputs) {
			output.finish();
		}
	}

	/** Called on the loop's thread when all of an output was handled. */
	private void outputEnded() {
		this.openOutputs--;
		ExitStatus known = this.status;
		if (this.openOutputs == 0 && known != null && this.exits != null) {
			this.exits.offer(known);
		}
	}

	private void tell(ExitStatus status) throws Exception {
		try {
			this.handler.exited(status);
		}
		finally {
			if (this.exits != null) {
				this.exits.close();
			}
		}
	}

	/** Has it not wait for who reads its output, as nobody does any more. */
	private void closed() {
		if (this.status == null) {
			this.outputs.forEach(ChildOutput::close);
		}
	}

	private static void closePipes(ChildFd fd) {
		for (int stream = 0; stream <= 2; stream++) {
			FileDescriptor pipe = fd.pipe(stream);
			if (pipe != null) {
				pipe.close();
			}
		}
	}

	/**
	 * Returns the number of the child.
	 * @return the number, which may be that of another process after its end
	 */
	public long pid() {
		return this.fd.pid();
	}

	/**
	 * Returns the end of a pipe to its standard input.
	 * @return the file descriptor, to be closed by the caller, by which the child is told
	 * that nothing more comes
	 * @throws IllegalStateException if that is no pipe
	 */
	public FileDescriptor input() {
		return pipe(0, "input");
	}

	/**
	 * Returns the end of a pipe from its standard output.
	 * @return the file descriptor, to be closed by the caller
	 * @throws IllegalStateException if that is no pipe
	 */
	public FileDescriptor output() {
		return pipe(1, "output");
	}

	/**
	 * Returns the end of a pipe from its standard error.
	 * @return the file descriptor, to be closed by the caller
	 * @throws IllegalStateException if that is no pipe
	 */
	public FileDescriptor error() {
		return pipe(2, "error");
	}

	private FileDescriptor pipe(int stream, String name) {
		FileDescriptor pipe = this.fd.pipe(stream);
		if (pipe == null) {
			throw new IllegalStateException(
					"The standard %s of the %s is no pipe: start it by a command with %s(Stdio.PIPE)".formatted(name,
							this, name));
		}
		return pipe;
	}

	/**
	 * Tells whether its end was not noticed yet.
	 * @return {@code true} until the loop has taken its status
	 */
	public boolean isAlive() {
		return this.status == null;
	}

	/**
	 * Returns how it has ended.
	 * @return the status, or {@code null} until the loop has taken it
	 */
	public @Nullable ExitStatus exitStatus() {
		return this.status;
	}

	/**
	 * Sends a signal to it, and to its process group if it leads one.
	 * @param signal the signal
	 * @return {@code false} if it has ended
	 * @throws IllegalStateException if its loop was closed before its end
	 * @throws ErrnoException if the call fails, with {@code EPERM} if it has become
	 * another user's
	 */
	public boolean signal(Signal signal) {
		return this.fd.signal(signal);
	}

	/**
	 * Has it end: sends {@code SIGTERM}, and {@code SIGKILL} if it has not ended in time.
	 * Both go to its process group if it leads one, of which those that are left are
	 * killed when it has ended. Does nothing if it has, or if it was called before.
	 * @param grace the time that it has
	 * @throws IllegalStateException if its loop was closed before its end
	 */
	public void terminate(Duration grace) {
		synchronized (this) {
			if (this.status != null || this.killing != null) {
				return;
			}
			this.killing = this.loop.after("kill of " + this.description, grace, (timer) -> this.fd.signal(KILL));
		}
		this.fd.killGroupAtEnd();
		this.fd.signal(TERM);
	}

	@Override
	public String toString() {
		return "process %d (%s)".formatted(pid(), LogText.of(this.description));
	}

}

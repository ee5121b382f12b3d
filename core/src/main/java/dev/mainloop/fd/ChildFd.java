package dev.mainloop.fd;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

import dev.mainloop.libc.Errno;
import dev.mainloop.libc.ErrnoException;
import dev.mainloop.libc.LibC;
import dev.mainloop.libc.ProcessCalls;
import dev.mainloop.log.LogText;
import org.jspecify.annotations.Nullable;

/**
 * The pidfd of a child that is its owner's alone: the JVM does not know of it, and its
 * status is taken by {@link #status()}. Until that is done its number stays its own. All
 * methods may be called by any thread.
 * <p>
 * A child that has not ended when this is closed goes on, unless it is
 * {@linkplain #killAtClose() to be killed}. It is a zombie from its end until another
 * child is started, or this process ends.
 */
public class ChildFd extends PidFd {

	/** The children that go on while nobody waits for them any more. */
	private static final Set<Long> ORPHANS = ConcurrentHashMap.newKeySet();

	private static final int STREAMS = 3;

	private static final int SIGKILL = 9;

	private static final byte[] SHELL = { '/', 'b', 'i', 'n', '/', 's', 'h' };

	private final List<@Nullable FileDescriptor> pipes;

	private final boolean leader;

	private @Nullable ExitStatus taken;

	private boolean killGroupAtEnd;

	private boolean killAtClose;

	private ChildFd(long pid, boolean leader, List<@Nullable FileDescriptor> pipes) {
		super(pid, () -> number(pid));
		this.leader = leader;
		this.pipes = pipes;
	}

	/**
	 * Creates the pidfd of a child that the kernel does not know, see
	 * {@link FileDescriptor#FileDescriptor(String)}.
	 * @param pid the number of the child
	 * @param pipes the ends of pipes to its standard input, output and error that this
	 * process has, each {@code null} if it is no pipe
	 */
	protected ChildFd(long pid, List<@Nullable FileDescriptor> pipes) {
		super(pid);
		this.leader = false;
		this.pipes = pipes;
	}

	/**
	 * Starts a process, see {@code posix_spawn(3)}. It blocks no signal, handles all of
	 * them as a process does by default, and has no other file descriptors than its
	 * standard streams. The caller waits until it executes its program, which takes a
	 * millisecond or so.
	 * @param spawn what it is to be
	 * @return its pidfd, to be closed by the caller
	 * @throws ErrnoException if it cannot be started: with {@code ENOENT} or
	 * {@code EACCES} if the program or the working directory is not there, or not for
	 * this user
	 * @throws UnsupportedOperationException if the kernel or the C library cannot do that
	 */
	public static ChildFd spawn(Spawn spawn) {
		ORPHANS.removeIf((pid) -> !Errno.EAGAIN.is(ProcessCalls.takeStatus(pid)));
		requirePidFd();
		Streams streams = new Streams();
		boolean done = false;
		try {
			ChildFd child = spawn(spawn, streams);
			done = true;
			return child;
		}
		finally {
			streams.close(!done);
		}
	}

	/** Nothing is started that could not be watched. */
	private static void requirePidFd() {
		int number = ProcessCalls.pidFdOpen(ProcessHandle.current().pid());
		if (Errno.ENOSYS.is(number) || Errno.EPERM.is(number)) {
			throw new UnsupportedOperationException(
					("Children without a thread need pidfd_open(2), which the kernel refuses (%s): use Linux 5.4 or later "
							+ "and a sandbox that allows it, or start the child by a ProcessBuilder and watch that by "
							+ "MainLoop.onExit")
						.formatted(Errno.name(-number)));
		}
		if (number >= 0) {
			LibC.close(number);
		}
	}

	private static ChildFd spawn(Spawn spawn, Streams streams) {
		int[] numbers = { streams.open("standard input", 0, spawn.input()),
				streams.open("standard output", 1, spawn.output()), streams.open("standard error", 2, spawn.error()) };
		int flags = switch (spawn.group()) {
			case INHERIT -> 0;
			case OWN_GROUP -> ProcessCalls.POSIX_SPAWN_SETPGROUP;
			case OWN_SESSION -> ProcessCalls.POSIX_SPAWN_SETSID;
		};
		List<@Nullable FileDescriptor> pipes = streams.parentEnds();
		long pid = start(spawn, numbers, flags);
		ChildFd child = null;
		boolean done = false;
		try {
			child = new ChildFd(pid, flags != 0, pipes);
			child.onClose(child::abandon);
			done = true;
			return child;
		}
		finally {
			if (!done) {
				ProcessCalls.killAndWait(pid);
				if (child != null) {
					child.close();
				}
			}
		}
	}

	private static long start(Spawn spawn, int[] streams, int flags) {
		List<byte[]> environment = spawn.environmentBytes(ProcessCalls.environment());
		Path path = spawn.directory();
		byte[] directory = (path != null) ? PathBytes.of(path) : null;
		int result = -Errno.ENOENT.number();
		for (byte[] candidate : spawn.candidates(environment)) {
			int found = spawn.program().indexOf('/') >= 0 ? 0 : ProcessCalls.mayExecute(candidate);
			if (found == 0) {
				found = start(candidate, spawn.argumentBytes(), environment, directory, streams, flags);
			}
			if (found > 0) {
				return found;
			}
			if (!Errno.ENOENT.is(found) && !Errno.ENOTDIR.is(found)) {
				result = found;
				if (!Errno.EACCES.is(found)) {
					break;
				}
			}
		}
		throw failure(spawn, result);
	}

	private static int start(byte[] path, List<byte[]> arguments, List<byte[]> environment, byte @Nullable [] directory,
			int[] streams, int flags) {
		int result = ProcessCalls.spawn(path, arguments, environment, directory, streams, flags);
		if (!Errno.ENOEXEC.is(result)) {
			return result;
		}
		List<byte[]> script = new ArrayList<>(arguments);
		script.set(0, SHELL);
		script.add(1, path);
		return ProcessCalls.spawn(SHELL, script, environment, directory, streams, flags);
	}

	private static RuntimeException failure(Spawn spawn, int result) {
		if (Errno.ENOSYS.is(result)) {
			return new UnsupportedOperationException(
					("The child '%s' cannot be started, as it would get what is open here: to keep that from it takes "
							+ "posix_spawn_file_actions_addclosefrom_np(3), which glibc has from 2.34 on. Start it by a "
							+ "ProcessBuilder, and watch that by MainLoop.onExit")
						.formatted(LogText.of(spawn.program())));
		}
		Path directory = spawn.directory();
		int entered = (directory != null) ? ProcessCalls.mayExecute(PathBytes.of(directory)) : 0;
		if (directory != null && entered < 0) {
			return new ErrnoException(entered, "chdir", directory);
		}
		return new ErrnoException(result, "posix_spawn", spawn.program());
	}

	/**
	 * Returns the end of a pipe that this process has.
	 * @param stream 0 for the standard input of the child, 1 for its output, 2 for its
	 * error
	 * @return the file descriptor, to be closed by the caller, or {@code null} if that is
	 * not a pipe
	 */
	public final @Nullable FileDescriptor pipe(int stream) {
		return this.pipes.get(stream);
	}

	/**
	 * Takes the status of the child, which is no zombie any more then, the first time.
	 * @return the status, or {@code null} if the child has not ended
	 */
	@Override
	public synchronized @Nullable ExitStatus status() {
		if (this.taken == null) {
			this.taken = take();
		}
		return this.taken;
	}

	private @Nullable ExitStatus take() {
		int fd = acquire();
		try {
			if (this.killGroupAtEnd && ProcessCalls.peekStatus(fd) >= 0) {
				ProcessCalls.kill(-pid(), SIGKILL);
			}
			int status = ProcessCalls.takeStatus(pid());
			if (Errno.ECHILD.is(status)) {
				// The process ignores SIGCHLD, so that the kernel has taken it.
				status = ProcessCalls.exitInfo(fd);
			}
			return (status >= 0) ? ExitStatus.of(status) : null;
		}
		finally {
			release();
		}
	}

	/**
	 * Sends a signal to the child, and to those in the process group that it leads.
	 */
	@Override
	public synchronized boolean signal(Signal signal) {
		if (!this.leader || this.taken != null) {
			return this.taken == null && super.signal(signal);
		}
		requireOpen();
		int result = ProcessCalls.kill(-pid(), signal.number());
		if (result < 0 && !Errno.ESRCH.is(result)) {
			throw new ErrnoException(result, "kill", -pid(), signal);
		}
		return result == 0;
	}

	/**
	 * Has those be killed that are left of the process group when the child that leads it
	 * has ended. Does nothing if it leads none.
	 */
	public synchronized void killGroupAtEnd() {
		this.killGroupAtEnd = this.leader;
	}

	/**
	 * Has the child be killed if it has not ended when this is closed.
	 */
	public synchronized void killAtClose() {
		this.killAtClose = true;
	}

	/** Called by {@link #close()}. */
	private synchronized void abandon() {
		if (this.taken == null && Errno.EAGAIN.is(ProcessCalls.takeStatus(pid()))) {
			if (this.killAtClose) {
				if (this.leader) {
					ProcessCalls.kill(-pid(), SIGKILL);
				}
				ProcessCalls.killAndWait(pid());
			}
			else {
				ORPHANS.add(pid());
			}
		}
	}

	/** What becomes the standard streams, until the child has them. */
	private static final class Streams {

		private final @Nullable ChildPipe[] pipes = new ChildPipe[STREAMS];

		private final List<FileDescriptor> acquired = new ArrayList<>(STREAMS);

		private final List<Integer> duplicates = new ArrayList<>(2 * STREAMS);

		/** Returns the number that the child gets as a standard stream. */
		int open(String description, int stream, Stdio stdio) {
			if (stdio == Stdio.INHERIT) {
				return ProcessCalls.INHERIT;
			}
			if (stdio == Stdio.NULL_DEVICE) {
				return ProcessCalls.NULL_DEVICE;
			}
			if (stdio == Stdio.OUTPUT) {
				return 1;
			}
			FileDescriptor fd = stdio.fd();
			if (fd != null) {
				int number = fd.acquire();
				this.acquired.add(fd);
				return apart(number);
			}
			ChildPipe pipe = ChildPipe.open(description, stream == 0);
			this.pipes[stream] = pipe;
			return apart(pipe.childEnd());
		}

		/** A number that no standard stream has, which another one is opened for. */
		private int apart(int number) {
			if (number >= STREAMS) {
				return number;
			}
			int duplicate = ProcessCalls.duplicate(number);
			if (duplicate < 0) {
				throw new ErrnoException(duplicate, "fcntl", number, "F_DUPFD_CLOEXEC");
			}
			this.duplicates.add(duplicate);
			return duplicate;
		}

		List<@Nullable FileDescriptor> parentEnds() {
			List<@Nullable FileDescriptor> ends = new ArrayList<>(STREAMS);
			for (ChildPipe pipe : this.pipes) {
				ends.add((pipe != null) ? pipe.parentEnd() : null);
			}
			return ends;
		}

		/** Gives up what only the child has, or all if there is none. */
		void close(boolean all) {
			this.acquired.forEach(FileDescriptor::release);
			this.duplicates.forEach(LibC::close);
			for (ChildPipe pipe : this.pipes) {
				if (pipe != null && all) {
					pipe.close();
				}
				else if (pipe != null) {
					pipe.closeChildEnd();
				}
			}
		}

	}

}

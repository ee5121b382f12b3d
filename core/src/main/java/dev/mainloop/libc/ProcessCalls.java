package dev.mainloop.libc;

import java.util.List;

import org.jspecify.annotations.Nullable;

/**
 * The system calls of processes, by the convention of {@link LibC}. They are loaded on
 * first use.
 */
public final class ProcessCalls {

	/** Leaves a standard stream of a new process as it is in this one. */
	public static final int INHERIT = -1;

	/** Opens the null device as a standard stream of a new process. */
	public static final int NULL_DEVICE = -2;

	/** Makes a new process the leader of a process group. */
	public static final int POSIX_SPAWN_SETPGROUP = 0x02;

	/** Makes a new process the leader of a session, and of a process group in it. */
	public static final int POSIX_SPAWN_SETSID = 0x80;

	private static final int POSIX_SPAWN_SETSIGDEF = 0x04;

	private static final int POSIX_SPAWN_SETSIGMASK = 0x08;

	private static final int STREAMS = 3;

	/** The numbers of system calls that the C library may not know by name. */
	private static final int SYS_PIDFD_SEND_SIGNAL = 424;

	private static final int SYS_PIDFD_OPEN = 434;

	private static final int P_PID = 1;

	private static final int P_PIDFD = 3;

	private static final int WNOHANG = 1;

	private static final int WEXITED = 4;

	private static final int WNOWAIT = 0x01000000;

	private static final int CLD_EXITED = 1;

	private static final int CLD_DUMPED = 3;

	private static final int CORE_DUMPED = 0x80;

	private static final int F_DUPFD_CLOEXEC = 1030;

	private static final int X_OK = 1;

	private static final int SIGKILL = 9;

	/** Of a {@code siginfo_t}, with the fields that {@code waitid(2)} sets. */
	private static final int SIGINFO_SIZE = 128;

	private static final int SIGINFO_CODE = 8;

	private static final int SIGINFO_PID = 16;

	private static final int SIGINFO_STATUS = 24;

	private static final long PIDFD_GET_INFO = 0xC040FF0BL;

	private static final long PIDFD_INFO_EXIT = 1 << 3;

	/** Of the first {@code struct pidfd_info}. */
	private static final int INFO_SIZE = 64;

	private static final int INFO_EXIT_CODE = 60;

	/** More than a {@code posix_spawnattr_t} has, and the other two. */
	private static final int OPAQUE_SIZE = 512;

	private static final int SIGNAL_SET_SIZE = 128;

	/** Where what {@code posix_spawn} takes is in memory, after the file actions. */
	private static final int ATTRIBUTES = OPAQUE_SIZE;

	private static final int NO_SIGNALS = 2 * OPAQUE_SIZE;

	private static final int ALL_SIGNALS = NO_SIGNALS + SIGNAL_SET_SIZE;

	private static final int PID = ALL_SIGNALS + SIGNAL_SET_SIZE;

	private static final int TEXTS = PID + Long.BYTES;

	private static final byte[] NULL_DEVICE_PATH = { '/', 'd', 'e', 'v', '/', 'n', 'u', 'l', 'l' };

	private ProcessCalls() {
	}

	/**
	 * Opens a pidfd, which is closed on exec, see {@code pidfd_open(2)}.
	 * @param pid the number of the process
	 * @return the file descriptor or a negated errno: {@code -ESRCH} if there is no such
	 * process, {@code -ENOSYS} where the kernel is older than Linux 5.3; a sandbox may
	 * answer {@code -EPERM}
	 */
	public static int pidFdOpen(long pid) {
		return Library.SYSCALL.call(SYS_PIDFD_OPEN, pid, 0, 0, 0, 0);
	}

	/**
	 * Sends a signal, see {@code pidfd_send_signal(2)}.
	 * @param pidFd the pidfd of the process
	 * @param signal the number of the signal
	 * @return zero or a negated errno, {@code -ESRCH} if the process has ended and its
	 * status was taken
	 */
	public static int pidFdSendSignal(int pidFd, int signal) {
		return Library.SYSCALL.call(SYS_PIDFD_SEND_SIGNAL, pidFd, signal, 0, 0, 0);
	}

	/**
	 * Sends a signal to a process or a process group, see {@code kill(2)}.
	 * @param pid the number of the process, or the negated one of the group
	 * @param signal the number of the signal
	 * @return zero or a negated errno
	 */
	public static int kill(long pid, int signal) {
		return Library.KILL.call(pid, signal);
	}

	/**
	 * Returns how a child has ended and leaves that for others to take, see
	 * {@code waitid(2)}. Does not wait.
	 * @param pidFd the pidfd of the child
	 * @return a status as that of {@code wait(2)}, or a negated errno: {@code -EAGAIN} if
	 * it has not ended, {@code -ECHILD} if it is no child or its status was taken
	 */
	public static int peekStatus(int pidFd) {
		return waitId(P_PIDFD, pidFd, WEXITED | WNOHANG | WNOWAIT);
	}

	/**
	 * Takes how a child has ended, see {@code waitid(2)}. Does not wait.
	 * @param pid the number of the child
	 * @return a status as that of {@code wait(2)}, or a negated errno: {@code -EAGAIN} if
	 * it has not ended, {@code -ECHILD} if it is no child or its status was taken
	 */
	public static int takeStatus(long pid) {
		return waitId(P_PID, pid, WEXITED | WNOHANG);
	}

	private static int waitId(int type, long id, int options) {
		try (Scratch scratch = Scratch.take(SIGINFO_SIZE)) {
			NativeMemory info = scratch.memory();
			info.putInt(SIGINFO_PID, 0);
			int result = Library.WAITID.call(type, id, info.address(), options);
			if (result < 0) {
				return result;
			}
			if (info.getInt(SIGINFO_PID) == 0) {
				return -Errno.EAGAIN.number();
			}
			int status = info.getInt(SIGINFO_STATUS);
			return switch (info.getInt(SIGINFO_CODE)) {
				case CLD_EXITED -> status << Byte.SIZE;
				case CLD_DUMPED -> status | CORE_DUMPED;
				default -> status;
			};
		}
	}

	/**
	 * Returns how any process has ended, once its parent has taken that, see
	 * {@code PIDFD_GET_INFO} in {@code linux/pidfd.h}.
	 * @param pidFd the pidfd of the process, which was opened before
	 * @return a status as that of {@code wait(2)}, or a negated errno: {@code -EAGAIN} if
	 * it is not known yet, another where the kernel is older than Linux 6.15
	 */
	public static int exitInfo(int pidFd) {
		try (Scratch scratch = Scratch.take(INFO_SIZE)) {
			NativeMemory info = scratch.memory();
			info.putLong(0, PIDFD_INFO_EXIT);
			int result = LibC.ioctl(pidFd, PIDFD_GET_INFO, info.address());
			if (result < 0) {
				return result;
			}
			boolean known = (info.getLong(0) & PIDFD_INFO_EXIT) != 0;
			return known ? info.getInt(INFO_EXIT_CODE) : -Errno.EAGAIN.number();
		}
	}

	/**
	 * Ends a child of this process and waits for that, whatever it is doing.
	 * @param pid the number of the child
	 */
	public static void killAndWait(long pid) {
		kill(pid, SIGKILL);
		int result;
		do {
			result = waitId(P_PID, pid, WEXITED);
		}
		while (Errno.EINTR.is(result));
	}

	/**
	 * Opens a pipe whose ends block and are closed on exec, see {@code pipe(2)}.
	 * @param ends the address of two {@code int}s, for the end to read and that to write
	 * @return zero or a negated errno
	 */
	public static int pipe(long ends) {
		return Library.PIPE2.call(ends, LibC.O_CLOEXEC);
	}

	/**
	 * Opens another number for a file descriptor, which is closed on exec and is none of
	 * the standard streams, see {@code F_DUPFD_CLOEXEC} in {@code fcntl(2)}.
	 * @param fd the file descriptor
	 * @return the number or a negated errno
	 */
	public static int duplicate(int fd) {
		return LibC.fcntl(fd, F_DUPFD_CLOEXEC, STREAMS);
	}

	/**
	 * Tells whether a file may be executed, see {@code access(2)}.
	 * @param path the bytes of the path
	 * @return zero or a negated errno
	 */
	public static int mayExecute(byte[] path) {
		try (Scratch name = Scratch.of(path)) {
			return Library.ACCESS.call(name.memory().address(), X_OK);
		}
	}

	/**
	 * Returns the environment of this process, see {@code environ(7)}.
	 * @return the bytes of each {@code NAME=value}
	 */
	public static List<byte[]> environment() {
		return NativeFunction.texts("environ");
	}

	/**
	 * Starts a process that blocks no signal, handles all of them as a process does by
	 * default, and has no other file descriptors than its standard streams, see
	 * {@code posix_spawn(3)}. Waits until it executes the program.
	 * @param path the bytes of the path of the program
	 * @param arguments the bytes of its arguments, the first of which is its name
	 * @param environment the bytes of each {@code NAME=value}
	 * @param directory the bytes of the path of its working directory, or {@code null}
	 * for that of this process
	 * @param streams for each of its standard streams a file descriptor of this process
	 * that is none of them, {@link #INHERIT}, {@link #NULL_DEVICE} or a standard stream
	 * of the new process that comes before
	 * @param flags {@link #POSIX_SPAWN_SETPGROUP}, {@link #POSIX_SPAWN_SETSID} or 0
	 * @return the number of the process or a negated errno: {@code -ENOSYS} where the C
	 * library cannot, as a glibc older than 2.34
	 */
	public static int spawn(byte[] path, List<byte[]> arguments, List<byte[]> environment, byte @Nullable [] directory,
			int[] streams, int flags) {
		List<byte[]> paths = (directory != null) ? List.of(path, NULL_DEVICE_PATH, directory)
				: List.of(path, NULL_DEVICE_PATH);
		int size = TEXTS + NativeTexts.size(paths) + NativeTexts.size(arguments) + NativeTexts.size(environment);
		try (Scratch scratch = Scratch.take(size)) {
			NativeTexts texts = new NativeTexts(scratch.memory(), TEXTS);
			return spawn(scratch.memory(), texts.put(path), texts.put(arguments), texts.put(environment),
					texts.put(NULL_DEVICE_PATH), (directory != null) ? texts.put(directory) : 0, streams, flags);
		}
		catch (LinkageError ex) {
			return -Errno.ENOSYS.number();
		}
	}

	private static int spawn(NativeMemory memory, long path, long arguments, long environment, long nullDevice,
			long directory, int[] streams, int flags) {
		long actions = memory.address();
		long attributes = memory.address() + ATTRIBUTES;
		for (int i = 0; i < SIGNAL_SET_SIZE; i += Long.BYTES) {
			memory.putLong(NO_SIGNALS + i, 0);
			memory.putLong(ALL_SIGNALS + i, (i == 0) ? -1 : 0);
		}
		int result = done(Spawn.ACTIONS_INIT.call(actions));
		if (result < 0) {
			return result;
		}
		try {
			result = done(Spawn.ATTRIBUTES_INIT.call(attributes));
			if (result < 0) {
				return result;
			}
			try {
				result = addActions(actions, directory, nullDevice, streams);
				if (result < 0) {
					return result;
				}
				Spawn.SET_MASK.call(attributes, memory.address() + NO_SIGNALS);
				Spawn.SET_DEFAULT.call(attributes, memory.address() + ALL_SIGNALS);
				Spawn.SET_FLAGS.call(attributes, flags | POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF);
				result = done(
						Spawn.SPAWN.call(memory.address() + PID, path, actions, attributes, arguments, environment));
				return (result < 0) ? result : memory.getInt(PID);
			}
			finally {
				Spawn.ATTRIBUTES_DESTROY.call(attributes);
			}
		}
		finally {
			Spawn.ACTIONS_DESTROY.call(actions);
		}
	}

	private static int addActions(long actions, long directory, long nullDevice, int[] streams) {
		int result = 0;
		for (int i = 0; i < streams.length && result == 0; i++) {
			if (streams[i] == NULL_DEVICE) {
				result = done(Spawn.ADD_OPEN.call(actions, i, nullDevice, (i == 0) ? LibC.O_RDONLY : LibC.O_WRONLY, 0));
			}
			else if (streams[i] != INHERIT) {
				result = done(Spawn.ADD_DUP2.call(actions, streams[i], i));
			}
		}
		if (result == 0) {
			result = done(Spawn.ADD_CLOSE_FROM.call(actions, STREAMS));
		}
		if (result == 0 && directory != 0) {
			result = done(Spawn.ADD_CHDIR.call(actions, directory));
		}
		return result;
	}

	/** These functions return an errno. */
	private static int done(int errno) {
		return -errno;
	}

	private static final class Library {

		static final NativeFunction SYSCALL = new NativeFunction("syscall", 6);

		static final NativeFunction WAITID = new NativeFunction("waitid", 4);

		static final NativeFunction KILL = new NativeFunction("kill", 2);

		static final NativeFunction PIPE2 = new NativeFunction("pipe2", 2);

		static final NativeFunction ACCESS = new NativeFunction("access", 2);

		private Library() {
		}

	}

	/** Apart from the others, as a C library may not have all of them. */
	private static final class Spawn {

		static final NativeFunction ADD_CLOSE_FROM = new NativeFunction("posix_spawn_file_actions_addclosefrom_np", 2);

		static final NativeFunction ADD_CHDIR = new NativeFunction("posix_spawn_file_actions_addchdir_np", 2);

		static final NativeFunction ADD_DUP2 = new NativeFunction("posix_spawn_file_actions_adddup2", 3);

		static final NativeFunction ADD_OPEN = new NativeFunction("posix_spawn_file_actions_addopen", 5);

		static final NativeFunction ACTIONS_INIT = new NativeFunction("posix_spawn_file_actions_init", 1);

		static final NativeFunction ACTIONS_DESTROY = new NativeFunction("posix_spawn_file_actions_destroy", 1);

		static final NativeFunction ATTRIBUTES_INIT = new NativeFunction("posix_spawnattr_init", 1);

		static final NativeFunction ATTRIBUTES_DESTROY = new NativeFunction("posix_spawnattr_destroy", 1);

		static final NativeFunction SET_FLAGS = new NativeFunction("posix_spawnattr_setflags", 2);

		static final NativeFunction SET_MASK = new NativeFunction("posix_spawnattr_setsigmask", 2);

		static final NativeFunction SET_DEFAULT = new NativeFunction("posix_spawnattr_setsigdefault", 2);

		static final NativeFunction SPAWN = new NativeFunction("posix_spawn", 6);

		private Spawn() {
		}

	}

}

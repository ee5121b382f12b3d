package dev.mainloop.libc;

import java.util.Objects;

import dev.mainloop.log.LogText;
import org.jspecify.annotations.Nullable;

/**
 * The system calls that the main loop stands on, each as its man page in section 2
 * describes it.
 * <p>
 * Every method follows the kernel's own convention: a result of zero or more is a
 * success, a negative one is the negated {@code errno}. None of them retries, throws or
 * allocates; {@link ErrnoException} is for callers that cannot go on. All may be called
 * by any thread.
 */
public final class LibC {

	/** Open for reading only. */
	public static final int O_RDONLY = 0;

	/** Open for writing only. */
	public static final int O_WRONLY = 01;

	/** Open for reading and writing. */
	public static final int O_RDWR = 02;

	/** Create the file when it is missing. */
	public static final int O_CREAT = 0100;

	/** Fail when the file exists. */
	public static final int O_EXCL = 0200;

	/** Do not make a terminal the controlling terminal. */
	public static final int O_NOCTTY = 0400;

	/** Cut the file to length zero. */
	public static final int O_TRUNC = 01000;

	/** Write at the end of the file. */
	public static final int O_APPEND = 02000;

	/** Never block in {@code open}, {@code read} and {@code write}. */
	public static final int O_NONBLOCK = 04000;

	/** End each write when it is on the device, with what is needed to read it back. */
	public static final int O_DSYNC = 010000;

	/** End each write when it is on the device, with all that is known of the file. */
	public static final int O_SYNC = 04010000;

	private static final boolean AARCH64 = "aarch64".equals(System.getProperty("os.arch"));

	/** Read and write past the page cache. */
	public static final int O_DIRECT = AARCH64 ? 0200000 : 040000;

	/** Fail when the file is not a directory. */
	public static final int O_DIRECTORY = AARCH64 ? 040000 : 0200000;

	/** Fail when the file is a symbolic link. */
	public static final int O_NOFOLLOW = AARCH64 ? 0100000 : 0400000;

	/** Leave the time of the last access as it is. */
	public static final int O_NOATIME = 01000000;

	/** Make a file without a name in a directory. */
	public static final int O_TMPFILE = 020000000 | O_DIRECTORY;

	/** The part of the mode of a file that is its type, see {@code inode(7)}. */
	public static final int S_IFMT = 0170000;

	/** A socket. */
	public static final int S_IFSOCK = 0140000;

	/** A symbolic link. */
	public static final int S_IFLNK = 0120000;

	/** A regular file. */
	public static final int S_IFREG = 0100000;

	/** A block device. */
	public static final int S_IFBLK = 0060000;

	/** A directory. */
	public static final int S_IFDIR = 0040000;

	/** A character device. */
	public static final int S_IFCHR = 0020000;

	/** A FIFO or pipe. */
	public static final int S_IFIFO = 0010000;

	/** Stands for the working directory in calls that take a directory. */
	public static final int AT_FDCWD = -100;

	/** Take an empty path as the file descriptor itself. */
	public static final int AT_EMPTY_PATH = 0x1000;

	/** Close the descriptor in a child that executes another program. */
	public static final int O_CLOEXEC = 02000000;

	/** Get the flags of a file descriptor. */
	public static final int F_GETFD = 1;

	/** Set the flags of a file descriptor. */
	public static final int F_SETFD = 2;

	/** Get the status flags of an open file. */
	public static final int F_GETFL = 3;

	/** Set the status flags of an open file. */
	public static final int F_SETFL = 4;

	/** Close the file descriptor in a child that executes another program. */
	public static final int FD_CLOEXEC = 1;

	/** Register a file descriptor. */
	public static final int EPOLL_CTL_ADD = 1;

	/** Remove a file descriptor. */
	public static final int EPOLL_CTL_DEL = 2;

	/** Change what a registered file descriptor is watched for. */
	public static final int EPOLL_CTL_MOD = 3;

	/** Disarm after one event. */
	public static final int EPOLLONESHOT = 1 << 30;

	/** Report changes of readiness, not readiness. */
	public static final int EPOLLET = 1 << 31;

	/** Have {@code poll} wait until there is room to write. */
	public static final int POLLOUT = 0x04;

	/** Found by {@code poll} of a file descriptor that is not open. */
	public static final int POLLNVAL = 0x20;

	/** A socket whose bytes are a stream. */
	public static final int SOCK_STREAM = 1;

	/** A socket that keeps messages apart and needs no connection. */
	public static final int SOCK_DGRAM = 2;

	/** A socket of a connection that keeps messages apart. */
	public static final int SOCK_SEQPACKET = 5;

	/** Look at a message without taking it. */
	static final int MSG_PEEK = 0x02;

	/**
	 * Tell the length of the message, also where it is longer than what there is room
	 * for.
	 */
	public static final int MSG_TRUNC = 0x20;

	/** Let each read of an eventfd take one from its counter. */
	public static final int EFD_SEMAPHORE = 1;

	/** Take the expiration of a timer as a point in time. */
	public static final int TFD_TIMER_ABSTIME = 1;

	/** End the timer when its clock is set. */
	public static final int TFD_TIMER_CANCEL_ON_SET = 2;

	/**
	 * Wait for completions, or have the kernel put those into the queue that it keeps.
	 */
	public static final int IORING_ENTER_GETEVENTS = 1;

	/** Add to an eventfd whenever there are completions. */
	public static final int IORING_REGISTER_EVENTFD = 4;

	/** Tell which operations the kernel has. */
	public static final int IORING_REGISTER_PROBE = 8;

	/** The numbers of system calls that the C library may not know by name. */
	private static final int SYS_EPOLL_PWAIT2 = 441;

	private static final int SYS_IO_URING_SETUP = 425;

	private static final int SYS_IO_URING_ENTER = 426;

	private static final int SYS_IO_URING_REGISTER = 427;

	private static final int PROT_READ_AND_WRITE = 1 | 2;

	private static final int MAP_SHARED = 0x01;

	private static final int MAP_POPULATE = 0x8000;

	private static final int PR_SET_TIMERSLACK = 29;

	private static final int PR_GET_TIMERSLACK = 30;

	private static final int SO_TYPE = 3;

	private static final int FIONREAD = 0x541B;

	private static final int TCGETS = 0x5401;

	/** The kernel's {@code struct termios}, not that of the C library. */
	private static final int TERMIOS_SIZE = 36;

	private static final int TERMIOS_LOCAL_MODES = 12;

	private static final int TERMIOS_MIN = 23;

	private static final int ICANON = 2;

	private static @Nullable Unavailability loadFailure;

	static {
		// What an error needs is loaded here, and not where no descriptor is left for it.
		LogText.of("");
	}

	private LibC() {
	}

	/**
	 * Tells why the C library cannot be used on this host.
	 * @return the reason, or {@code null} where the library is there
	 */
	public static @Nullable Unavailability unavailability() {
		String os = System.getProperty("os.name");
		if (!"Linux".equals(os)) {
			return new Unavailability("epoll is a facility of Linux and this host runs " + os,
					"Run the application on Linux, for instance in a container.");
		}
		return loadFailure();
	}

	/**
	 * Loads the library, and keeps why that has failed: who comes second to a class that
	 * could not be initialized is not told.
	 */
	private static synchronized @Nullable Unavailability loadFailure() {
		try {
			Objects.requireNonNull(Library.SYSCALL);
			return null;
		}
		catch (LinkageError ex) {
			if (loadFailure == null) {
				loadFailure = LoadFailure.explain(ex);
			}
			return loadFailure;
		}
	}

	/**
	 * Opens a file, see {@code open(2)}.
	 * @param path the bytes of the path
	 * @param flags {@code O_…} flags
	 * @param mode the permissions of a file that is created
	 * @return the file descriptor or a negated errno
	 */
	public static int open(byte[] path, int flags, int mode) {
		try (Scratch name = Scratch.of(path)) {
			return Library.OPEN.call(name.memory().address(), flags, mode);
		}
	}

	/**
	 * Closes a file descriptor, see {@code close(2)}. It is closed even when the result
	 * is {@code -EINTR}.
	 * @param fd the file descriptor
	 * @return zero or a negated errno
	 */
	public static int close(int fd) {
		return Library.CLOSE.call(fd);
	}

	/**
	 * Gets or sets flags, see {@code fcntl(2)}.
	 * @param fd the file descriptor
	 * @param command an {@code F_…} command
	 * @param argument its argument, 0 where it has none
	 * @return the flags, zero or a negated errno
	 */
	public static int fcntl(int fd, int command, int argument) {
		return Library.FCNTL.call(fd, command, argument);
	}

	/**
	 * Makes a FIFO, see {@code mkfifo(3)}.
	 * @param path the bytes of the path
	 * @param mode the permissions, less the umask
	 * @return zero or a negated errno
	 */
	public static int mkfifo(byte[] path, int mode) {
		try (Scratch name = Scratch.of(path)) {
			return Library.MKFIFO.call(name.memory().address(), mode);
		}
	}

	/**
	 * Reads into memory at an address, see {@code read(2)}.
	 * @param fd the file descriptor
	 * @param address where to put the bytes
	 * @param size how many bytes there is room for
	 * @return the number of bytes, zero at the end of the file, or a negated errno
	 */
	public static int read(int fd, long address, long size) {
		return Library.READ.call(fd, address, size);
	}

	/**
	 * Writes what memory at an address holds, see {@code write(2)}.
	 * @param fd the file descriptor
	 * @param address where the bytes are
	 * @param size how many there are
	 * @return the number of bytes taken, or a negated errno
	 */
	public static int write(int fd, long address, long size) {
		return Library.WRITE.call(fd, address, size);
	}

	/**
	 * Reads into memory at an address from a position of a file, see {@code pread(2)}.
	 * @param fd the file descriptor
	 * @param address where to put the bytes
	 * @param size how many bytes there is room for
	 * @param offset the position in the file
	 * @return the number of bytes, zero at the end of the file, or a negated errno
	 */
	static int pread(int fd, long address, long size, long offset) {
		return Library.PREAD.call(fd, address, size, offset);
	}

	/**
	 * Writes what memory at an address holds to a position of a file, see
	 * {@code pwrite(2)}.
	 * @param fd the file descriptor
	 * @param address where the bytes are
	 * @param size how many there are
	 * @param offset the position in the file
	 * @return the number of bytes taken, or a negated errno
	 */
	static int pwrite(int fd, long address, long size, long offset) {
		return Library.PWRITE.call(fd, address, size, offset);
	}

	/**
	 * Waits until all of a file is on the device, see {@code fsync(2)}.
	 * @param fd the file descriptor
	 * @return zero or a negated errno
	 */
	public static int fsync(int fd) {
		return Library.FSYNC.call(fd);
	}

	/**
	 * Waits until the data of a file is on the device, see {@code fdatasync(2)}.
	 * @param fd the file descriptor
	 * @return zero or a negated errno
	 */
	public static int fdatasync(int fd) {
		return Library.FDATASYNC.call(fd);
	}

	/**
	 * Allocates or frees space of a file, see {@code fallocate(2)}.
	 * @param fd the file descriptor
	 * @param mode a {@code FALLOC_FL_…} mode, 0 to allocate
	 * @param offset where it begins
	 * @param length how long it is
	 * @return zero or a negated errno
	 */
	public static int fallocate(int fd, int mode, long offset, long length) {
		return Library.FALLOCATE.call(fd, mode, offset, length);
	}

	/**
	 * Sets the size of a file, see {@code ftruncate(2)}.
	 * @param fd the file descriptor
	 * @param size the size in bytes
	 * @return zero or a negated errno
	 */
	public static int ftruncate(int fd, long size) {
		return Library.FTRUNCATE.call(fd, size);
	}

	/**
	 * Tells about a file, see {@code statx(2)}.
	 * @param fd a directory, {@link #AT_FDCWD}, or with {@link #AT_EMPTY_PATH} the file
	 * @param path the bytes of the path
	 * @param flags {@code AT_…} flags
	 * @param mask which fields are wanted
	 * @param status the address of a {@code struct statx}
	 * @return zero or a negated errno
	 */
	public static int statx(int fd, byte[] path, int flags, int mask, long status) {
		try (Scratch name = Scratch.of(path)) {
			return Library.STATX.call(fd, name.memory().address(), flags, mask, status);
		}
	}

	/**
	 * Gives a file another name, see {@code rename(2)}.
	 * @param oldPath the bytes of the path
	 * @param newPath the bytes of the path from now on; a file there is replaced
	 * @return zero or a negated errno
	 */
	public static int rename(byte[] oldPath, byte[] newPath) {
		try (Scratch old = Scratch.of(oldPath); Scratch name = Scratch.of(newPath)) {
			return Library.RENAME.call(old.memory().address(), name.memory().address());
		}
	}

	/**
	 * Removes the name of a file, see {@code unlink(2)}.
	 * @param path the bytes of the path
	 * @return zero or a negated errno
	 */
	public static int unlink(byte[] path) {
		try (Scratch name = Scratch.of(path)) {
			return Library.UNLINK.call(name.memory().address());
		}
	}

	/**
	 * Receives a message of a socket into memory at an address, see {@code recv(2)}.
	 * @param fd the socket
	 * @param address where to put the bytes
	 * @param size how many bytes there is room for
	 * @param flags {@code MSG_…} flags
	 * @return the number of bytes, with {@link #MSG_TRUNC} the length of the message, or
	 * a negated errno
	 */
	static int receive(int fd, long address, long size, int flags) {
		return Library.RECV.call(fd, address, size, flags);
	}

	/**
	 * Returns the type of a socket, see {@code SO_TYPE} in {@code socket(7)}.
	 * @param fd the socket
	 * @return a {@code SOCK_…} number or a negated errno, {@code -ENOTSOCK} for what is
	 * not a socket
	 */
	public static int socketType(int fd) {
		return socketOption(fd, SocketCalls.SOL_SOCKET, SO_TYPE);
	}

	static int socketOption(int fd, int level, int option) {
		try (Scratch scratch = Scratch.take(2 * Integer.BYTES)) {
			long address = scratch.memory().address();
			scratch.memory().putInt(Integer.BYTES, Integer.BYTES);
			int result = Library.GETSOCKOPT.call(fd, level, option, address, address + Integer.BYTES);
			return (result < 0) ? result : scratch.memory().getInt(0);
		}
	}

	/**
	 * Returns how much is there to read, see {@code FIONREAD} in {@code ioctl(2)}.
	 * @param fd the file descriptor
	 * @return the number of bytes or a negated errno
	 */
	public static int unreadBytes(int fd) {
		return ioctlNumber(fd, FIONREAD);
	}

	/**
	 * Controls a device, see {@code ioctl(2)}.
	 * @param fd the file descriptor
	 * @param request what is asked for
	 * @param argument a number or an address, as the request has it
	 * @return what the request returns, or a negated errno
	 */
	static int ioctl(int fd, long request, long argument) {
		return Library.IOCTL.call(fd, request, argument);
	}

	/**
	 * Asks a device for an {@code int}, see {@code ioctl(2)}.
	 * @param fd the file descriptor
	 * @param request what is asked for
	 * @return the number, which is not negative, or a negated errno
	 */
	static int ioctlNumber(int fd, long request) {
		try (Scratch scratch = Scratch.take(Integer.BYTES)) {
			int result = ioctl(fd, request, scratch.memory().address());
			return (result < 0) ? result : scratch.memory().getInt(0);
		}
	}

	/**
	 * Tells whether reads of a terminal bring nothing instead of {@code EAGAIN} when
	 * nothing is there, see {@code MIN == 0} in {@code termios(3)}.
	 * @param fd the file descriptor
	 * @return {@code true} for such a terminal that is not hung up
	 */
	public static boolean isPollingTerminal(int fd) {
		try (Scratch scratch = Scratch.take(TERMIOS_SIZE)) {
			NativeMemory termios = scratch.memory();
			return Library.IOCTL.call(fd, TCGETS, termios.address()) == 0
					&& (termios.getInt(TERMIOS_LOCAL_MODES) & ICANON) == 0 && termios.getByte(TERMIOS_MIN) == 0;
		}
	}

	/**
	 * Returns the user whose permissions this process has, see {@code geteuid(2)}.
	 * @return the effective user id
	 */
	public static int effectiveUserId() {
		return Library.GETEUID.call();
	}

	/**
	 * Opens an epoll instance that is closed on exec, see {@code epoll_create1(2)}.
	 * @return the file descriptor or a negated errno
	 */
	public static int epollCreate() {
		return Library.EPOLL_CREATE1.call(O_CLOEXEC);
	}

	/**
	 * Adds, changes or removes a file descriptor, see {@code epoll_ctl(2)}.
	 * @param epollFd the epoll instance
	 * @param operation an {@code EPOLL_CTL_…} operation
	 * @param fd the file descriptor
	 * @param event the address of a {@code struct epoll_event}, or 0
	 * @return zero or a negated errno
	 */
	public static int epollControl(int epollFd, int operation, int fd, long event) {
		return Library.EPOLL_CTL.call(epollFd, operation, fd, event);
	}

	/**
	 * Waits for events, see {@code epoll_wait(2)}.
	 * @param epollFd the epoll instance
	 * @param events the address of an array of {@code struct epoll_event}
	 * @param capacity the length of the array
	 * @param timeoutMillis how long to wait, in milliseconds; 0 does not wait, -1 waits
	 * until an event comes
	 * @return the number of events or a negated errno
	 */
	public static int epollWait(int epollFd, long events, int capacity, int timeoutMillis) {
		return Library.EPOLL_WAIT.call(epollFd, events, capacity, timeoutMillis);
	}

	/**
	 * Waits for events with a time-out in nanoseconds, see {@code epoll_pwait2(2)}, with
	 * the signals of the thread as they are.
	 * @param epollFd the epoll instance
	 * @param events the address of an array of {@code struct epoll_event}
	 * @param capacity the length of the array
	 * @param timeSpec the address of a {@code struct timespec} that says how long to
	 * wait, or 0 to wait until an event comes; the kernel does not change it
	 * @return the number of events or a negated errno, {@code -ENOSYS} where the kernel
	 * is older than Linux 5.11; a sandbox may answer {@code -EPERM}
	 */
	public static int epollWait2(int epollFd, long events, int capacity, long timeSpec) {
		return Library.SYSCALL.call(SYS_EPOLL_PWAIT2, epollFd, events, capacity, timeSpec, 0);
	}

	/**
	 * Returns how late the kernel may end the waits of the calling thread, see
	 * {@code PR_GET_TIMERSLACK} in {@code prctl(2)}.
	 * @return nanoseconds, 0 for a thread with a real-time policy, or a negated errno
	 */
	public static int timerSlack() {
		return Library.PRCTL.call(PR_GET_TIMERSLACK, 0);
	}

	/**
	 * Sets how late the kernel may end the waits of the calling thread, see
	 * {@code PR_SET_TIMERSLACK} in {@code prctl(2)}.
	 * @param nanos nanoseconds, 0 for what the thread began with
	 * @return 0 or a negated errno
	 */
	public static int setTimerSlack(long nanos) {
		return Library.PRCTL.call(PR_SET_TIMERSLACK, nanos);
	}

	/**
	 * Says on which CPUs a thread may run, see {@code sched_setaffinity(2)}. The kernel
	 * drops those that the cpuset of the process does not have.
	 * @param threadId the number of the thread, or 0 for the caller
	 * @param size the size of the mask in bytes
	 * @param mask the address of a {@code cpu_set_t}
	 * @return zero or a negated errno
	 */
	static int schedSetAffinity(int threadId, int size, long mask) {
		return Library.SCHED_SETAFFINITY.call(threadId, size, mask);
	}

	/**
	 * Tells on which CPUs a thread may run, see {@code sched_getaffinity(2)}.
	 * @param threadId the number of the thread, or 0 for the caller
	 * @param size the size of the mask in bytes
	 * @param mask the address of a {@code cpu_set_t}
	 * @return zero or a negated errno, {@code -EINVAL} where the kernel's own mask is
	 * larger
	 */
	static int schedGetAffinity(int threadId, int size, long mask) {
		return Library.SCHED_GETAFFINITY.call(threadId, size, mask);
	}

	/**
	 * Waits for file descriptors, see {@code poll(2)}.
	 * @param fds the address of an array of {@code struct pollfd}
	 * @param length the length of the array
	 * @param timeoutMillis how long to wait, in milliseconds; 0 does not wait, -1 waits
	 * until one is ready
	 * @return how many are ready or a negated errno
	 */
	public static int poll(long fds, int length, int timeoutMillis) {
		return Library.POLL.call(fds, length, timeoutMillis);
	}

	/**
	 * Waits for file descriptors, see {@code select(2)}.
	 * @param limit the highest file descriptor number in the sets plus one
	 * @param readable the address of an {@code fd_set}
	 * @param writable the address of an {@code fd_set}
	 * @param exceptional the address of an {@code fd_set}
	 * @param timeout the address of a {@code struct timeval}, or 0 to wait without limit
	 * @return how many members the sets are left with or a negated errno
	 */
	public static int select(int limit, long readable, long writable, long exceptional, long timeout) {
		return Library.SELECT.call(limit, readable, writable, exceptional, timeout);
	}

	/**
	 * Opens an eventfd that never blocks and is closed on exec, see {@code eventfd(2)}.
	 * @param initialValue the first value of its counter
	 * @param flags {@link #EFD_SEMAPHORE} or 0
	 * @return the file descriptor or a negated errno
	 */
	public static int eventFd(int initialValue, int flags) {
		return Library.EVENTFD.call(initialValue, flags | O_NONBLOCK | O_CLOEXEC);
	}

	/**
	 * Adds to the counter of an eventfd, see {@code eventfd_write(3)}.
	 * @param fd the eventfd
	 * @param value how much to add
	 * @return zero or a negated errno, {@code -EAGAIN} when the counter would overflow
	 */
	public static int eventFdWrite(int fd, long value) {
		return Library.EVENTFD_WRITE.call(fd, value);
	}

	/**
	 * Opens a timerfd that never blocks and is closed on exec, see
	 * {@code timerfd_create(2)}.
	 * @param clockId a {@code CLOCK_…} number
	 * @return the file descriptor or a negated errno
	 */
	public static int timerFdCreate(int clockId) {
		return Library.TIMERFD_CREATE.call(clockId, O_NONBLOCK | O_CLOEXEC);
	}

	/**
	 * Arms or disarms a timerfd, see {@code timerfd_settime(2)}.
	 * @param fd the timerfd
	 * @param flags {@link #TFD_TIMER_ABSTIME} or 0
	 * @param timerSpec the address of a {@code struct itimerspec}
	 * @return zero or a negated errno
	 */
	public static int timerFdSetTime(int fd, int flags, long timerSpec) {
		return Library.TIMERFD_SETTIME.call(fd, flags, timerSpec, 0);
	}

	/**
	 * Reads the settings of a timerfd, see {@code timerfd_gettime(2)}.
	 * @param fd the timerfd
	 * @param timerSpec the address of a {@code struct itimerspec}
	 * @return zero or a negated errno
	 */
	public static int timerFdGetTime(int fd, long timerSpec) {
		return Library.TIMERFD_GETTIME.call(fd, timerSpec);
	}

	/**
	 * Reads a clock, see {@code clock_gettime(2)}.
	 * @param clockId a {@code CLOCK_…} number
	 * @param timeSpec the address of a {@code struct timespec}
	 * @return zero or a negated errno
	 */
	static int clockGetTime(int clockId, long timeSpec) {
		return Library.CLOCK_GETTIME.call(clockId, timeSpec);
	}

	/**
	 * Opens a signalfd that never blocks and is closed on exec, or changes the signals of
	 * one, see {@code signalfd(2)}.
	 * @param fd the signalfd to change, or -1 to open one
	 * @param mask the address of a {@code sigset_t}
	 * @return the file descriptor or a negated errno
	 */
	public static int signalFd(int fd, long mask) {
		return Library.SIGNALFD.call(fd, mask, O_NONBLOCK | O_CLOEXEC);
	}

	/**
	 * Opens an io_uring that is closed on exec, see {@code io_uring_setup(2)}.
	 * @param entries how many submissions its queue is to have room for
	 * @param params the address of a {@code struct io_uring_params}
	 * @return the file descriptor or a negated errno, {@code -EPERM} where a sandbox or
	 * {@code /proc/sys/kernel/io_uring_disabled} refuses it
	 */
	public static int ioUringSetup(int entries, long params) {
		return Library.SYSCALL.call(SYS_IO_URING_SETUP, entries, params, 0, 0, 0);
	}

	/**
	 * Has the kernel take submissions, and waits for completions, see
	 * {@code io_uring_enter(2)}, with the signals of the thread as they are.
	 * @param fd the io_uring
	 * @param submissions how many the kernel is to take
	 * @param completions how many to wait for
	 * @param flags {@link #IORING_ENTER_GETEVENTS} or 0
	 * @return how many submissions were taken or a negated errno
	 */
	public static int ioUringEnter(int fd, int submissions, int completions, int flags) {
		return Library.SYSCALL.call(SYS_IO_URING_ENTER, fd, submissions, completions, flags, 0);
	}

	/**
	 * Tells an io_uring what to use, or asks what it has, see
	 * {@code io_uring_register(2)}.
	 * @param fd the io_uring
	 * @param operation an {@code IORING_REGISTER_…} operation
	 * @param argument the address of its argument
	 * @param count how many elements are there
	 * @return zero or more, or a negated errno
	 */
	public static int ioUringRegister(int fd, int operation, long argument, int count) {
		return Library.SYSCALL.call(SYS_IO_URING_REGISTER, fd, operation, argument, count, 0);
	}

	/**
	 * Maps memory that the kernel shares, for reading and writing, see {@code mmap(2)}.
	 * @param fd the file descriptor whose memory it is
	 * @param offset which part of it, in bytes
	 * @param size its size in bytes
	 * @return the address or a negated errno
	 */
	static long mmap(int fd, long offset, int size) {
		return Library.MMAP.addressFor(0, size, PROT_READ_AND_WRITE, MAP_SHARED | MAP_POPULATE, fd, offset);
	}

	/**
	 * Unmaps memory, see {@code munmap(2)}.
	 * @param address its address
	 * @param size its size in bytes
	 * @return zero or a negated errno
	 */
	static int munmap(long address, int size) {
		return Library.MUNMAP.call(address, size);
	}

	/**
	 * Describes an errno in words, see {@code strerror(3)}.
	 * @param errno the number
	 * @return its description, which is the number where there is no C library
	 */
	static String describe(int errno) {
		if (unavailability() != null) {
			return "errno " + errno;
		}
		return Library.STRERROR.textFor(errno);
	}

	/** Loads the library on first use, so that other hosts can load the outer class. */
	private static final class Library {

		static final NativeFunction OPEN = new NativeFunction("open", 3);

		static final NativeFunction CLOSE = new NativeFunction("close", 1);

		static final NativeFunction FCNTL = new NativeFunction("fcntl", 3);

		static final NativeFunction MKFIFO = new NativeFunction("mkfifo", 2);

		static final NativeFunction READ = new NativeFunction("read", 3);

		static final NativeFunction WRITE = new NativeFunction("write", 3);

		static final NativeFunction PREAD = new NativeFunction("pread", 4);

		static final NativeFunction PWRITE = new NativeFunction("pwrite", 4);

		static final NativeFunction FSYNC = new NativeFunction("fsync", 1);

		static final NativeFunction FDATASYNC = new NativeFunction("fdatasync", 1);

		static final NativeFunction FALLOCATE = new NativeFunction("fallocate", 4);

		static final NativeFunction FTRUNCATE = new NativeFunction("ftruncate", 2);

		static final NativeFunction STATX = new NativeFunction("statx", 5);

		static final NativeFunction RENAME = new NativeFunction("rename", 2);

		static final NativeFunction UNLINK = new NativeFunction("unlink", 1);

		static final NativeFunction RECV = new NativeFunction("recv", 4);

		static final NativeFunction GETSOCKOPT = new NativeFunction("getsockopt", 5);

		static final NativeFunction IOCTL = new NativeFunction("ioctl", 3);

		static final NativeFunction GETEUID = new NativeFunction("geteuid", 0);

		static final NativeFunction EPOLL_CREATE1 = new NativeFunction("epoll_create1", 1);

		static final NativeFunction EPOLL_CTL = new NativeFunction("epoll_ctl", 4);

		static final NativeFunction EPOLL_WAIT = new NativeFunction("epoll_wait", 4);

		static final NativeFunction POLL = new NativeFunction("poll", 3);

		static final NativeFunction SELECT = new NativeFunction("select", 5);

		static final NativeFunction EVENTFD = new NativeFunction("eventfd", 2);

		static final NativeFunction EVENTFD_WRITE = new NativeFunction("eventfd_write", 2);

		static final NativeFunction TIMERFD_CREATE = new NativeFunction("timerfd_create", 2);

		static final NativeFunction TIMERFD_SETTIME = new NativeFunction("timerfd_settime", 4);

		static final NativeFunction TIMERFD_GETTIME = new NativeFunction("timerfd_gettime", 2);

		static final NativeFunction CLOCK_GETTIME = new NativeFunction("clock_gettime", 2);

		static final NativeFunction PRCTL = new NativeFunction("prctl", 2);

		static final NativeFunction SCHED_SETAFFINITY = new NativeFunction("sched_setaffinity", 3);

		static final NativeFunction SCHED_GETAFFINITY = new NativeFunction("sched_getaffinity", 3);

		static final NativeFunction SIGNALFD = new NativeFunction("signalfd", 3);

		static final NativeFunction MMAP = new NativeFunction("mmap", 6);

		static final NativeFunction MUNMAP = new NativeFunction("munmap", 2);

		static final NativeFunction STRERROR = new NativeFunction("strerror", 1);

		static final NativeFunction SYSCALL = new NativeFunction("syscall", 6);

	}

}

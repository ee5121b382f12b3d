package dev.mainloop.libc;

import java.lang.ref.Reference;
import java.nio.ByteBuffer;

import com.kenai.jffi.CallContext;
import com.kenai.jffi.CallingConvention;
import com.kenai.jffi.Invoker;
import com.kenai.jffi.Type;
import jnr.ffi.LibraryLoader;
import jnr.ffi.Pointer;
import jnr.ffi.Runtime;
import jnr.ffi.annotations.In;
import jnr.ffi.annotations.Out;
import jnr.ffi.annotations.SaveError;
import jnr.ffi.types.mode_t;
import jnr.ffi.types.size_t;
import jnr.ffi.types.ssize_t;
import jnr.ffi.types.u_int64_t;
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

	/** Found by {@code poll} of a file descriptor that is not open. */
	public static final int POLLNVAL = 0x20;

	/** Let each read of an eventfd take one from its counter. */
	public static final int EFD_SEMAPHORE = 1;

	/** Take the expiration of a timer as a point in time. */
	public static final int TFD_TIMER_ABSTIME = 1;

	/** End the timer when its clock is set. */
	public static final int TFD_TIMER_CANCEL_ON_SET = 2;

	/** The number of a system call that the C library may not know by name. */
	private static final int SYS_EPOLL_PWAIT2 = 441;

	private LibC() {
	}

	/**
	 * Tells why the C library cannot be used on this host.
	 * @return the reason, or {@code null} where the library is there
	 */
	public static @Nullable String unavailabilityCause() {
		String os = System.getProperty("os.name");
		if (!"Linux".equals(os)) {
			return "epoll is a facility of Linux and this host runs " + os;
		}
		try {
			return (Library.RUNTIME != null) ? null : "the C library has no runtime";
		}
		catch (LinkageError ex) {
			Throwable cause = (ex.getCause() != null) ? ex.getCause() : ex;
			return "the C library cannot be loaded on %s (%s)".formatted(System.getProperty("os.arch"), cause);
		}
	}

	/**
	 * Opens a file, see {@code open(2)}.
	 * @param path the path
	 * @param flags {@code O_…} flags
	 * @param mode the permissions of a file that is created
	 * @return the file descriptor or a negated errno
	 */
	public static int open(String path, int flags, int mode) {
		return result(Library.FUNCTIONS.open(path, flags, mode));
	}

	/**
	 * Closes a file descriptor, see {@code close(2)}. It is closed even when the result
	 * is {@code -EINTR}.
	 * @param fd the file descriptor
	 * @return zero or a negated errno
	 */
	public static int close(int fd) {
		return result(Library.FUNCTIONS.close(fd));
	}

	/**
	 * Gets or sets flags, see {@code fcntl(2)}.
	 * @param fd the file descriptor
	 * @param command an {@code F_…} command
	 * @param argument its argument, 0 where it has none
	 * @return the flags, zero or a negated errno
	 */
	public static int fcntl(int fd, int command, int argument) {
		return result(Library.FUNCTIONS.fcntl(fd, command, argument));
	}

	/**
	 * Makes a FIFO, see {@code mkfifo(3)}.
	 * @param path the path
	 * @param mode the permissions, less the umask
	 * @return zero or a negated errno
	 */
	public static int mkfifo(String path, int mode) {
		return result(Library.FUNCTIONS.mkfifo(path, mode));
	}

	/**
	 * Reads into memory at an address, see {@code read(2)}.
	 * @param fd the file descriptor
	 * @param address where to put the bytes
	 * @param size how many bytes there is room for
	 * @return the number of bytes, zero at the end of the file, or a negated errno
	 */
	public static int read(int fd, long address, long size) {
		return result((int) Library.FUNCTIONS.read(fd, address, size));
	}

	/**
	 * Reads into a buffer between its position and limit, which stay as they are, see
	 * {@code read(2)}.
	 * @param fd the file descriptor
	 * @param buffer a direct or heap buffer that can be written; what is in it beyond the
	 * bytes that were read stays as it is
	 * @return the number of bytes, zero at the end of the file, or a negated errno
	 */
	public static int read(int fd, ByteBuffer buffer) {
		int result = result((int) Library.FUNCTIONS.read(fd, buffer, buffer.remaining()));
		Reference.reachabilityFence(buffer);
		return result;
	}

	/**
	 * Writes what a buffer holds between its position and limit, which stay as they are,
	 * see {@code write(2)}.
	 * @param fd the file descriptor
	 * @param buffer a direct or heap buffer
	 * @return the number of bytes taken, or a negated errno
	 */
	public static int write(int fd, ByteBuffer buffer) {
		ByteBuffer bytes = (buffer.isDirect() || buffer.hasArray()) ? buffer : copy(buffer);
		int result = result((int) Library.FUNCTIONS.write(fd, bytes, bytes.remaining()));
		Reference.reachabilityFence(bytes);
		return result;
	}

	/** Copies a read-only heap buffer, whose array jnr-ffi cannot get at. */
	private static ByteBuffer copy(ByteBuffer buffer) {
		return ByteBuffer.allocate(buffer.remaining()).put(buffer.duplicate()).flip();
	}

	/**
	 * Opens an epoll instance that is closed on exec, see {@code epoll_create1(2)}.
	 * @return the file descriptor or a negated errno
	 */
	public static int epollCreate() {
		return result(Library.FUNCTIONS.epoll_create1(O_CLOEXEC));
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
		return result(Library.FUNCTIONS.epoll_ctl(epollFd, operation, fd, event));
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
		return result(Library.FUNCTIONS.epoll_wait(epollFd, events, capacity, timeoutMillis));
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
		return result((int) Invoker.getInstance()
			.invokeN6(Library.SYSCALL, Library.SYSCALL_ADDRESS, SYS_EPOLL_PWAIT2, epollFd, events, capacity, timeSpec,
					0));
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
		return result(Library.FUNCTIONS.poll(fds, length, timeoutMillis));
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
		return result(Library.FUNCTIONS.select(limit, readable, writable, exceptional, timeout));
	}

	/**
	 * Opens an eventfd that never blocks and is closed on exec, see {@code eventfd(2)}.
	 * @param initialValue the first value of its counter
	 * @param flags {@link #EFD_SEMAPHORE} or 0
	 * @return the file descriptor or a negated errno
	 */
	public static int eventFd(int initialValue, int flags) {
		return result(Library.FUNCTIONS.eventfd(initialValue, flags | O_NONBLOCK | O_CLOEXEC));
	}

	/**
	 * Adds to the counter of an eventfd, see {@code eventfd_write(3)}.
	 * @param fd the eventfd
	 * @param value how much to add
	 * @return zero or a negated errno, {@code -EAGAIN} when the counter would overflow
	 */
	public static int eventFdWrite(int fd, long value) {
		return result(Library.FUNCTIONS.eventfd_write(fd, value));
	}

	/**
	 * Opens a timerfd that never blocks and is closed on exec, see
	 * {@code timerfd_create(2)}.
	 * @param clockId a {@code CLOCK_…} number
	 * @return the file descriptor or a negated errno
	 */
	public static int timerFdCreate(int clockId) {
		return result(Library.FUNCTIONS.timerfd_create(clockId, O_NONBLOCK | O_CLOEXEC));
	}

	/**
	 * Arms or disarms a timerfd, see {@code timerfd_settime(2)}.
	 * @param fd the timerfd
	 * @param flags {@link #TFD_TIMER_ABSTIME} or 0
	 * @param timerSpec the address of a {@code struct itimerspec}
	 * @return zero or a negated errno
	 */
	public static int timerFdSetTime(int fd, int flags, long timerSpec) {
		return result(Library.FUNCTIONS.timerfd_settime(fd, flags, timerSpec, 0));
	}

	/**
	 * Reads the settings of a timerfd, see {@code timerfd_gettime(2)}.
	 * @param fd the timerfd
	 * @param timerSpec the address of a {@code struct itimerspec}
	 * @return zero or a negated errno
	 */
	public static int timerFdGetTime(int fd, long timerSpec) {
		return result(Library.FUNCTIONS.timerfd_gettime(fd, timerSpec));
	}

	/**
	 * Reads a clock, see {@code clock_gettime(2)}.
	 * @param clockId a {@code CLOCK_…} number
	 * @param timeSpec the address of a {@code struct timespec}
	 * @return zero or a negated errno
	 */
	static int clockGetTime(int clockId, long timeSpec) {
		return result(Library.FUNCTIONS.clock_gettime(clockId, timeSpec));
	}

	/**
	 * Opens a signalfd that never blocks and is closed on exec, or changes the signals of
	 * one, see {@code signalfd(2)}.
	 * @param fd the signalfd to change, or -1 to open one
	 * @param mask the address of a {@code sigset_t}
	 * @return the file descriptor or a negated errno
	 */
	public static int signalFd(int fd, long mask) {
		return result(Library.FUNCTIONS.signalfd(fd, mask, O_NONBLOCK | O_CLOEXEC));
	}

	/**
	 * Describes an errno in words, see {@code strerror(3)}.
	 * @param errno the number
	 * @return its description, which is the number where there is no C library
	 */
	static String describe(int errno) {
		if (unavailabilityCause() != null) {
			return "errno " + errno;
		}
		return Library.FUNCTIONS.strerror(errno);
	}

	static long address(ByteBuffer direct) {
		return Pointer.wrap(Library.RUNTIME, direct).address();
	}

	private static int result(int result) {
		return (result != -1) ? result : -Library.RUNTIME.getLastError();
	}

	/** Loads the library on first use, so that other hosts can load the outer class. */
	private static final class Library {

		static final Functions FUNCTIONS = LibraryLoader.create(Functions.class).load("c");

		static final Runtime RUNTIME = Runtime.getRuntime(FUNCTIONS);

		/** Called by address, as what jnr-ffi generates gets a sixth argument wrong. */
		static final long SYSCALL_ADDRESS = com.kenai.jffi.Library.getDefault().getSymbolAddress("syscall");

		/**
		 * Leaves the last argument of a system call out, which for this one is the size
		 * of a signal mask that is not there.
		 */
		static final CallContext SYSCALL = CallContext.getCallContext(Type.SLONG,
				new Type[] { Type.SLONG, Type.SLONG, Type.SLONG, Type.SLONG, Type.SLONG, Type.SLONG },
				CallingConvention.DEFAULT, true);

		/**
		 * The functions under their own names; public, as the class that implements it is
		 * elsewhere.
		 */
		@SaveError
		public interface Functions {

			int open(@In String path, int flags, @mode_t int mode);

			int close(int fd);

			int fcntl(int fd, int command, int argument);

			int mkfifo(@In String path, @mode_t int mode);

			@ssize_t
			long read(int fd, @size_t long buffer, @size_t long count);

			/**
			 * Copies a heap buffer in too, as what is copied out is all of it and not
			 * only what was read.
			 */
			@ssize_t
			long read(int fd, @In @Out ByteBuffer buffer, @size_t long count);

			@ssize_t
			long write(int fd, @In ByteBuffer buffer, @size_t long count);

			int epoll_create1(int flags);

			int epoll_ctl(int epollFd, int operation, int fd, @size_t long event);

			int epoll_wait(int epollFd, @size_t long events, int capacity, int timeout);

			int poll(@size_t long fds, @size_t long length, int timeout);

			int select(int limit, @size_t long readable, @size_t long writable, @size_t long exceptional,
					@size_t long timeout);

			int eventfd(int initialValue, int flags);

			int eventfd_write(int fd, @u_int64_t long value);

			int timerfd_create(int clockId, int flags);

			int timerfd_settime(int fd, int flags, @size_t long newValue, @size_t long oldValue);

			int timerfd_gettime(int fd, @size_t long currentValue);

			int clock_gettime(int clockId, @size_t long timeSpec);

			int signalfd(int fd, @size_t long mask, int flags);

			String strerror(int errno);

		}

	}

}

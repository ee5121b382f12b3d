package dev.mainloop.kernel;

import java.nio.file.Path;

import dev.mainloop.libc.ErrnoException;
import dev.mainloop.libc.NativeMemory;
import jnr.ffi.LibraryLoader;
import jnr.ffi.Runtime;
import jnr.ffi.annotations.In;
import jnr.ffi.annotations.SaveError;
import jnr.ffi.types.size_t;

/**
 * System calls for tests alone. File descriptors come as the kernel makes them by
 * default: they block, and children inherit them.
 */
public final class Kernel {

	/** A socket of a connection without bounds of messages. */
	public static final int SOCK_STREAM = 1;

	/** A socket without a connection, of messages. */
	public static final int SOCK_DGRAM = 2;

	/** A socket of a connection, of messages. */
	public static final int SOCK_SEQPACKET = 5;

	/** A file was written, for {@link #inotifyAddWatch}. */
	public static final int IN_MODIFY = 2;

	/** {@code CLOCK_REALTIME}. */
	public static final int CLOCK_REALTIME = 0;

	private static final int AF_UNIX = 1;

	private static final int AF_INET = 2;

	private static final int SHUT_WR = 1;

	private static final int SOL_SOCKET = 1;

	private static final long TIOCGEXCL = 0x80045440L;

	private static final int SO_LINGER = 13;

	private static final int SOCKADDR_IN_SIZE = 16;

	private static final int VTIME_AND_VMIN = 22;

	private static final int O_RDWR = 02;

	private static final int O_NOCTTY = 0400;

	private static final int SYS_PIDFD_OPEN = 434;

	private static final Functions FUNCTIONS = LibraryLoader.create(Functions.class).load("c");

	private static final Runtime RUNTIME = Runtime.getRuntime(FUNCTIONS);

	private Kernel() {
	}

	/**
	 * Opens a pipe, see {@code pipe(2)}.
	 * @return the end to read and the end to write
	 */
	public static int[] pipe() {
		NativeMemory ends = new NativeMemory(2 * Integer.BYTES);
		check("pipe", FUNCTIONS.pipe(ends.address()));
		return new int[] { ends.getInt(0), ends.getInt(Integer.BYTES) };
	}

	/**
	 * Opens a pair of connected Unix stream sockets, see {@code socketpair(2)}.
	 * @return both ends
	 */
	public static int[] unixSockets() {
		return unixSockets(SOCK_STREAM);
	}

	/**
	 * Opens a pair of connected Unix sockets, see {@code socketpair(2)}.
	 * @param type their {@code SOCK_…} type
	 * @return both ends
	 */
	public static int[] unixSockets(int type) {
		NativeMemory ends = new NativeMemory(2 * Integer.BYTES);
		check("socketpair", FUNCTIONS.socketpair(AF_UNIX, type, 0, ends.address()));
		return new int[] { ends.getInt(0), ends.getInt(Integer.BYTES) };
	}

	/**
	 * Ends the writing to a socket, see {@code shutdown(2)}.
	 * @param fd the socket
	 */
	public static void shutDownWriting(int fd) {
		check("shutdown", FUNCTIONS.shutdown(fd, SHUT_WR));
	}

	/**
	 * Changes how the kernel treats the calling thread, see {@code prctl(2)}.
	 * @param option the {@code PR_…} option
	 * @param second its first argument
	 * @param third its second argument
	 */
	public static void control(int option, long second, long third) {
		check("prctl", FUNCTIONS.prctl(option, second, third, 0, 0));
	}

	/**
	 * Opens a TCP socket, see {@code socket(2)}.
	 * @return the socket
	 */
	public static int tcpSocket() {
		return check("socket", FUNCTIONS.socket(AF_INET, SOCK_STREAM, 0));
	}

	/**
	 * Opens a UDP socket, see {@code udp(7)}.
	 * @return the socket
	 */
	public static int udpSocket() {
		return check("socket", FUNCTIONS.socket(AF_INET, SOCK_DGRAM, 0));
	}

	/**
	 * Binds a socket to a free port of the loopback interface, see {@code bind(2)}.
	 * @param fd the socket
	 * @return the port
	 */
	public static int bind(int fd) {
		NativeMemory address = loopback(0);
		check("bind", FUNCTIONS.bind(fd, address.address(), address.size()));
		return port(fd, address);
	}

	/**
	 * Connects a socket to a port of the loopback interface, see {@code connect(2)}.
	 * @param fd the socket
	 * @param port the port
	 * @return zero, or a negated errno such as {@code -EINPROGRESS}
	 */
	public static int connect(int fd, int port) {
		NativeMemory address = loopback(port);
		return result(FUNCTIONS.connect(fd, address.address(), address.size()));
	}

	/**
	 * Has a TCP socket listen on a free port of the loopback interface.
	 * @param fd the socket
	 * @return the port
	 */
	public static int listen(int fd) {
		int port = bind(fd);
		check("listen", FUNCTIONS.listen(fd, 8));
		return port;
	}

	private static int port(int fd, NativeMemory address) {
		NativeMemory size = new NativeMemory(Integer.BYTES);
		size.putInt(0, address.size());
		check("getsockname", FUNCTIONS.getsockname(fd, address.address(), size.address()));
		return Short.toUnsignedInt(Short.reverseBytes(address.getShort(2)));
	}

	private static NativeMemory loopback(int port) {
		NativeMemory address = new NativeMemory(SOCKADDR_IN_SIZE);
		address.putShort(0, (short) AF_INET);
		address.putShort(2, Short.reverseBytes((short) port));
		address.putInt(4, Integer.reverseBytes(0x7f000001));
		return address;
	}

	/**
	 * Accepts a connection, see {@code accept(2)}.
	 * @param fd the socket that listens
	 * @return the socket of the connection
	 */
	public static int accept(int fd) {
		return check("accept", FUNCTIONS.accept(fd, 0, 0));
	}

	/**
	 * Has the close of a TCP socket reset its connection.
	 * @param fd the socket
	 */
	public static void resetOnClose(int fd) {
		NativeMemory linger = new NativeMemory(2 * Integer.BYTES);
		linger.putInt(0, 1);
		check("setsockopt", FUNCTIONS.setsockopt(fd, SOL_SOCKET, SO_LINGER, linger.address(), linger.size()));
	}

	/**
	 * Opens the master of a new pseudo-terminal, see {@code pty(7)}.
	 * @return the master
	 */
	public static int openTerminalMaster() {
		int master = check("posix_openpt", FUNCTIONS.posix_openpt(O_RDWR | O_NOCTTY));
		check("grantpt", FUNCTIONS.grantpt(master));
		check("unlockpt", FUNCTIONS.unlockpt(master));
		return master;
	}

	/**
	 * Names the slave of a pseudo-terminal.
	 * @param master its master
	 * @return the file that is the terminal
	 */
	public static Path terminal(int master) {
		return Path.of(FUNCTIONS.ptsname(master));
	}

	/**
	 * Has a terminal give each byte as it is, and reads bring nothing where nothing is
	 * there, see {@code termios(3)}.
	 * @param terminal the terminal
	 */
	public static void setPolling(int terminal) {
		NativeMemory termios = new NativeMemory(128);
		check("tcgetattr", FUNCTIONS.tcgetattr(terminal, termios.address()));
		FUNCTIONS.cfmakeraw(termios.address());
		termios.putShort(VTIME_AND_VMIN, (short) 0);
		check("tcsetattr", FUNCTIONS.tcsetattr(terminal, 0, termios.address()));
	}

	/**
	 * Tells whether others are refused to open a terminal, see {@code TIOCGEXCL} in
	 * {@code ioctl_tty(2)}.
	 * @param terminal the terminal
	 * @return {@code true} if they are
	 */
	public static boolean isExclusive(int terminal) {
		NativeMemory exclusive = new NativeMemory(Integer.BYTES);
		check("ioctl", FUNCTIONS.ioctl(terminal, TIOCGEXCL, exclusive.address()));
		return exclusive.getInt(0) != 0;
	}

	/**
	 * Opens an inotify instance, see {@code inotify(7)}.
	 * @return the file descriptor
	 */
	public static int inotify() {
		return check("inotify_init1", FUNCTIONS.inotify_init1(0));
	}

	/**
	 * Watches a file.
	 * @param fd the inotify instance
	 * @param path the file
	 * @param mask {@code IN_…} bits
	 * @return the watch
	 */
	public static int inotifyAddWatch(int fd, Path path, int mask) {
		return check("inotify_add_watch", FUNCTIONS.inotify_add_watch(fd, path.toString(), mask));
	}

	/**
	 * Opens a file descriptor for a process, see {@code pidfd_open(2)}.
	 * @param pid the process
	 * @return the file descriptor
	 */
	public static int pidfd(long pid) {
		return (int) call("pidfd_open", SYS_PIDFD_OPEN, pid, 0, 0, 0, 0);
	}

	/**
	 * Calls a system call by its number, see {@code syscall(2)}.
	 * @param name its name, for an error
	 * @param number its number
	 * @param arguments five arguments
	 * @return its result
	 */
	public static long call(String name, int number, long... arguments) {
		long result = FUNCTIONS.syscall(number, arguments[0], arguments[1], arguments[2], arguments[3], arguments[4]);
		if (result == -1) {
			throw new ErrnoException(-RUNTIME.getLastError(), name);
		}
		return result;
	}

	/**
	 * Duplicates a file descriptor, see {@code dup(2)}.
	 * @param fd the file descriptor
	 * @return the duplicate
	 */
	public static int dup(int fd) {
		return check("dup", FUNCTIONS.dup(fd));
	}

	/**
	 * Closes a file descriptor, see {@code close(2)}.
	 * @param fd the file descriptor
	 */
	public static void close(int fd) {
		check("close", FUNCTIONS.close(fd));
	}

	/**
	 * Sends a signal with a value, see {@code sigqueue(3)}.
	 * @param pid the process that it is for
	 * @param signal the number of the signal
	 * @param value the value
	 */
	public static void queueSignal(long pid, int signal, int value) {
		check("sigqueue", FUNCTIONS.sigqueue((int) pid, signal, Integer.toUnsignedLong(value)));
	}

	/**
	 * Sends a signal, see {@code kill(2)}.
	 * @param pid the process that it is for
	 * @param signal the number of the signal
	 */
	public static void kill(long pid, int signal) {
		check("kill", FUNCTIONS.kill((int) pid, signal));
	}

	/**
	 * Sets the wall clock to the time that it shows, see {@code clock_settime(2)}.
	 */
	public static void setClockToItsTime() {
		NativeMemory time = new NativeMemory(2 * Long.BYTES);
		check("clock_gettime", FUNCTIONS.clock_gettime(CLOCK_REALTIME, time.address()));
		check("clock_settime", FUNCTIONS.clock_settime(CLOCK_REALTIME, time.address()));
	}

	/**
	 * Runs a command in a shell that inherits all that is not closed on exec, see
	 * {@code system(3)}.
	 * @param command the command
	 * @return how it ended
	 */
	public static int system(String command) {
		return check("system", FUNCTIONS.system(command));
	}

	private static int check(String call, int result) {
		if (result == -1) {
			throw new ErrnoException(-RUNTIME.getLastError(), call);
		}
		return result;
	}

	private static int result(int result) {
		return (result != -1) ? result : -RUNTIME.getLastError();
	}

	/** The functions under their own names. */
	@SaveError
	public interface Functions {

		int pipe(@size_t long ends);

		int ioctl(int fd, @size_t long request, @size_t long argument);

		int socketpair(int domain, int type, int protocol, @size_t long ends);

		int shutdown(int fd, int how);

		int prctl(int option, @size_t long second, @size_t long third, @size_t long fourth, @size_t long fifth);

		int socket(int domain, int type, int protocol);

		int bind(int fd, @size_t long address, int size);

		int listen(int fd, int backlog);

		int getsockname(int fd, @size_t long address, @size_t long size);

		int accept(int fd, @size_t long address, @size_t long size);

		int connect(int fd, @size_t long address, int size);

		int setsockopt(int fd, int level, int name, @size_t long value, int size);

		int posix_openpt(int flags);

		int grantpt(int fd);

		int unlockpt(int fd);

		String ptsname(int fd);

		int tcgetattr(int fd, @size_t long termios);

		void cfmakeraw(@size_t long termios);

		int tcsetattr(int fd, int when, @size_t long termios);

		int inotify_init1(int flags);

		int inotify_add_watch(int fd, @In String path, int mask);

		@size_t
		long syscall(@size_t long number, @size_t long first, @size_t long second, @size_t long third,
				@size_t long fourth, @size_t long fifth);

		int dup(int fd);

		int close(int fd);

		int sigqueue(int pid, int signal, @size_t long value);

		int kill(int pid, int signal);

		int clock_gettime(int clock, @size_t long time);

		int clock_settime(int clock, @size_t long time);

		int system(@In String command);

	}

}

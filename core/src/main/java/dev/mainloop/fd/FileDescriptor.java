package dev.mainloop.fd;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.ByteChannel;
import java.nio.channels.ReadableByteChannel;
import java.nio.channels.WritableByteChannel;
import java.nio.file.NoSuchFileException;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicIntegerFieldUpdater;
import java.util.function.IntConsumer;
import java.util.function.IntSupplier;

import dev.mainloop.libc.BufferCalls;
import dev.mainloop.libc.Errno;
import dev.mainloop.libc.ErrnoException;
import dev.mainloop.libc.LibC;
import dev.mainloop.libc.StackReserve;
import dev.mainloop.log.LogText;
import org.jspecify.annotations.Nullable;

/**
 * Owner of one file descriptor that never blocks and that no child process inherits,
 * unless it is {@linkplain #borrow borrowed}.
 * <p>
 * It is a {@link ByteChannel}: {@link #read} answers 0 when nothing is there yet and -1
 * at the end of the file, {@link #write} answers how much was taken. A call that fails
 * throws an {@link ErrnoException}, a call after {@link #close()} an
 * {@link IllegalStateException}.
 * <p>
 * The memory of a direct buffer goes to the kernel as it is. Heap buffers are copied in
 * parts of at most 64 KiB, and so are those of an {@code Arena}; one that is closed or
 * another thread's is refused by the exception that the JDK has for that.
 * <p>
 * All methods may be called by any thread. {@link #close()} takes effect once: its number
 * goes back to the kernel when the last call in progress has ended, so that no call ever
 * reaches a file that was given the same number later.
 */
public class FileDescriptor implements ByteChannel {

	/** Stands for the length of a message where none is there yet. */
	public static final int NO_MESSAGE = -2;

	private static final AtomicIntegerFieldUpdater<FileDescriptor> CALLS = AtomicIntegerFieldUpdater
		.newUpdater(FileDescriptor.class, "calls");

	private static final int CLOSED = Integer.MIN_VALUE;

	private static final int GIVEN_BACK = CLOSED | 1 << 30;

	/** How many bits are no part of the number of calls. */
	private static final int MARKS = 2;

	private static final int NO_NUMBER = -1;

	private static final int PERMISSIONS = 0666;

	private static final Set<StandardOpenOption> SUPPORTED = EnumSet.of(StandardOpenOption.READ,
			StandardOpenOption.WRITE, StandardOpenOption.APPEND, StandardOpenOption.CREATE,
			StandardOpenOption.CREATE_NEW, StandardOpenOption.TRUNCATE_EXISTING);

	private final int number;

	private final String description;

	private final boolean owned;

	private final @Nullable Path path;

	/** As {@link LibC#socketType} has it, or 0 before it was asked. */
	private int socketType;

	/**
	 * The number of calls in progress, with the sign bit set once it is closed. It
	 * becomes {@link #CLOSED} with the last call after that, and {@link #GIVEN_BACK} in
	 * the thread that gives the number back, or from the start where there is none.
	 */
	private volatile int calls;

	private final Object closeLock = new Object();

	private List<Runnable> closeActions = new ArrayList<>();

	private volatile boolean closing;

	/** May lose counts of threads that race, and does not stand still. */
	private int transfers;

	/**
	 * Opens a file descriptor. A subclass allocates all that it needs before, and after
	 * that only keeps it, so that no error can come between the kernel and the owner.
	 * @param description what log lines call it
	 * @param opening opens it, not to block and closed on exec, and returns its number or
	 * throws
	 */
	protected FileDescriptor(String description, IntSupplier opening) {
		this(description, null, true, 0, opening);
	}

	private FileDescriptor(Path path, IntSupplier opening) {
		this(path.toString(), path, true, 0, opening);
	}

	private FileDescriptor(String description, @Nullable Path path, boolean owned, int calls, IntSupplier opening) {
		this.description = description;
		this.path = path;
		this.owned = owned;
		this.calls = calls;
		StackReserve.require();
		this.number = opening.getAsInt();
	}

	/**
	 * Creates a file descriptor that the kernel does not know, as a test has it. It has
	 * no number that could be {@linkplain #acquire() acquired}, and its subclass does
	 * itself what the calls would do.
	 * @param description what log lines call it
	 */
	protected FileDescriptor(String description) {
		this(description, null, false, GIVEN_BACK, () -> NO_NUMBER);
	}

	/**
	 * Takes over a file descriptor that other code has opened. It is made non-blocking
	 * and closed on exec, and is closed by {@link #close()}; the other code must not use
	 * or close it any more.
	 * @param number the number of the file descriptor
	 * @param description what log lines call it
	 * @return the file descriptor, to be closed by the caller
	 * @throws ErrnoException if it is not open
	 */
	public static FileDescriptor adopt(int number, String description) {
		return new FileDescriptor(description, () -> prepared(number));
	}

	/**
	 * Uses a file descriptor that stays other code's: it is left as it is, blocking or
	 * not, and {@link #close()} only ends its use here. The other code must keep it open
	 * until then. One that blocks is to be read once for each time that it is ready, and
	 * not to be written.
	 * @param number the number of the file descriptor, such as 0 for the standard input
	 * @param description what log lines call it
	 * @return the file descriptor
	 * @throws ErrnoException if it is not open
	 */
	public static FileDescriptor borrow(int number, String description) {
		return new FileDescriptor(description, null, false, 0, () -> {
			flags(number, LibC.F_GETFD);
			return number;
		});
	}

	/**
	 * Uses a file descriptor that the process was started with, as by a service manager,
	 * and that stays open until it ends: {@link #close()} only ends its use here, and it
	 * may be used again. It is made non-blocking and closed on exec.
	 * @param number the number of the file descriptor
	 * @param description what log lines call it
	 * @return the file descriptor
	 * @throws ErrnoException if it is not open
	 */
	public static FileDescriptor inherit(int number, String description) {
		return new FileDescriptor(description, null, false, 0, () -> prepared(number));
	}

	private static int prepared(int number) {
		setFlag(number, LibC.F_GETFD, LibC.F_SETFD, LibC.FD_CLOEXEC);
		return neverBlocking(number);
	}

	static int neverBlocking(int number) {
		setFlag(number, LibC.F_GETFL, LibC.F_SETFL, LibC.O_NONBLOCK);
		return number;
	}

	private static void setFlag(int number, int getCommand, int setCommand, int flag) {
		int flags = flags(number, getCommand);
		if ((flags & flag) == 0) {
			int result = LibC.fcntl(number, setCommand, flags | flag);
			if (result < 0) {
				throw new ErrnoException(result, "fcntl", number, setCommand, flags | flag);
			}
		}
	}

	private static int flags(int number, int getCommand) {
		int flags = LibC.fcntl(number, getCommand, 0);
		if (flags < 0) {
			throw new ErrnoException(flags, "fcntl", number, getCommand);
		}
		return flags;
	}

	/**
	 * Opens a file: a FIFO, a character device, a serial line that has its settings.
	 * @param path the file
	 * @param options of {@link StandardOpenOption}: {@code READ}, {@code WRITE},
	 * {@code APPEND}, {@code TRUNCATE_EXISTING}, {@code CREATE} and {@code CREATE_NEW};
	 * {@code READ} if neither reading nor writing is asked for; a file that is opened for
	 * reading alone is never truncated
	 * @return the file descriptor, to be closed by the caller
	 * @throws IllegalArgumentException if the path is not one of the default file system
	 * @throws ErrnoException if {@code open(2)} fails
	 */
	public static FileDescriptor open(Path path, OpenOption... options) {
		int flags = flags(options);
		byte[] name = PathBytes.of(path);
		return new FileDescriptor(path, () -> open(path, name, flags, PERMISSIONS));
	}

	/**
	 * Opens a FIFO for reading commands that come and go: it is made when missing, with
	 * permissions for its owner alone, and held open for writing too, so that the end of
	 * one writer is not the end of the file. A FIFO that is there and belongs to another
	 * user, or that others may write, is opened with a warning in the log.
	 * @param path where the FIFO is or shall be; a symbolic link is not followed
	 * @return the file descriptor, to be closed by the caller
	 * @throws IllegalArgumentException if the path is not one of the default file system
	 * @throws IllegalStateException if what is there is not a FIFO
	 * @throws UncheckedIOException if what is there cannot be looked at, for which
	 * {@code /proc} is needed
	 * @throws ErrnoException if {@code mkfifo(3)} or {@code open(2)} fails
	 * @see #isAtPath()
	 */
	public static FileDescriptor openFifo(Path path) {
		byte[] name = PathBytes.of(path);
		return new FileDescriptor(path, () -> Fifo.open(path, name));
	}

	/**
	 * Opens a serial line for reading and writing, whose bytes come and go as they are:
	 * nothing is echoed, translated or taken for a control character. It has the
	 * attributes that it was found with again when it is closed; what it has not sent by
	 * then ({@link SerialLine#unsentBytes()}) goes out with those.
	 * @param path the device, such as {@code /dev/ttyUSB0}
	 * @param settings its settings
	 * @return the file descriptor, to be closed by the caller
	 * @throws IllegalArgumentException if the device does not have the settings
	 * @throws ErrnoException if a call fails: with {@code ENOTTY} if it is no terminal,
	 * with {@code EBUSY} if another process has it for itself
	 */
	public static FileDescriptor openSerial(Path path, SerialSettings settings) {
		byte[] name = PathBytes.of(path);
		SerialAttributes attributes = new SerialAttributes(path, settings);
		FileDescriptor fd = new FileDescriptor(path, () -> attributes.open(name));
		boolean done = false;
		try {
			fd.onClose(() -> attributes.restore(fd.number));
			done = true;
			return fd;
		}
		finally {
			if (!done) {
				fd.close();
			}
		}
	}

	/**
	 * Opens a file descriptor that is made ready before it has its owner, and closed if
	 * that throws.
	 * @param opening opens it, and returns its number or throws
	 * @param next makes it ready, or throws
	 * @return the number
	 */
	protected static int open(IntSupplier opening, IntConsumer next) {
		int number = opening.getAsInt();
		boolean done = false;
		try {
			next.accept(number);
			done = true;
			return number;
		}
		finally {
			if (!done) {
				LibC.close(number);
			}
		}
	}

	static int open(Path path, byte[] name, int flags, int permissions) {
		int all = flags | LibC.O_NONBLOCK | LibC.O_CLOEXEC | LibC.O_NOCTTY;
		int result;
		do {
			result = LibC.open(name, all, permissions);
		}
		while (Errno.EINTR.is(result));
		if (result < 0) {
			throw new ErrnoException(result, "open", path, "0" + Integer.toOctalString(all));
		}
		return result;
	}

	private static int flags(OpenOption... options) {
		Set<StandardOpenOption> set = EnumSet.noneOf(StandardOpenOption.class);
		for (OpenOption option : options) {
			if (!(option instanceof StandardOpenOption standard)) {
				throw new IllegalArgumentException("'" + option + "' is not an option of open(2)");
			}
			if (!SUPPORTED.contains(standard)) {
				throw new IllegalArgumentException("'" + option + "' is not supported by FileDescriptor");
			}
			set.add(standard);
		}
		return StandardOpenFlags.of(set);
	}

	/**
	 * Reads what is there, see {@code read(2)}. Of a socket that keeps messages apart, it
	 * reads one message and drops what the buffer has no room for, see
	 * {@link #readMessage}.
	 * @param buffer where to put the bytes
	 * @return the number of bytes, 0 if none are there yet, the message is empty or the
	 * buffer is full, -1 at the end: all writers of a pipe or FIFO have left, the peer of
	 * a connection has closed or shut down its side, a terminal is hung up. A FIFO that
	 * gets a writer again, or a terminal whose other side is opened again, goes on
	 * @throws ErrnoException if the call fails
	 * @see ReadableByteChannel#read(ByteBuffer)
	 */
	@Override
	public int read(ByteBuffer buffer) {
		int position = buffer.position();
		int length = roomOf(buffer, position);
		if (length == 0) {
			return 0;
		}
		acquire();
		try {
			int result;
			do {
				result = isWholeMessage(length)
						? Math.min(BufferCalls.receive(this.number, buffer, position, length), length)
						: BufferCalls.read(this.number, buffer, position, length);
			}
			while (Errno.EINTR.is(result));
			if (result <= 0 && EndOfFile.isReached(this.number, result)) {
				return -1;
			}
			if (result >= 0) {
				transferred();
			}
			return advance(buffer, position, "read", result);
		}
		finally {
			release();
		}
	}

	/**
	 * Reads one message of a socket that keeps messages apart, such as a datagram socket,
	 * see {@code recv(2)}. What the buffer has no room for is lost: the message was
	 * truncated if its length is more than what the buffer had room for.
	 * @param buffer where to put the message
	 * @return the length of the message, which may be 0, {@link #NO_MESSAGE} if none is
	 * there yet, -1 at the end: the peer of a connection ({@code SOCK_SEQPACKET}) has
	 * closed. Empty messages that were its last count as its end
	 * @throws IllegalStateException if it is not such a socket
	 * @throws ErrnoException if the call fails
	 */
	public int readMessage(ByteBuffer buffer) {
		int position = buffer.position();
		int length = roomOf(buffer, position);
		acquire();
		try {
			if (!keepsMessagesApart()) {
				throw new IllegalStateException(this + " is not a socket that keeps messages apart: use 'read'");
			}
			int result;
			do {
				result = BufferCalls.receive(this.number, buffer, position, length);
			}
			while (Errno.EINTR.is(result));
			if (Errno.EAGAIN.is(result)) {
				return NO_MESSAGE;
			}
			if (result == 0 && EndOfFile.isReached(this.number, result)) {
				return -1;
			}
			if (result >= 0) {
				transferred();
			}
			advance(buffer, position, "recv", Math.min(result, length));
			return result;
		}
		finally {
			release();
		}
	}

	private static int roomOf(ByteBuffer buffer, int position) {
		if (buffer.isReadOnly()) {
			throw new IllegalArgumentException("'buffer' must not be read-only");
		}
		return Math.max(0, buffer.limit() - position);
	}

	/**
	 * Writes what there is room for, see {@code write(2)}.
	 * @param buffer the bytes; to a socket that keeps messages apart, one message
	 * @return the number of bytes taken, which may be 0
	 * @throws ErrnoException if the call fails: with {@code EPIPE} where all readers of a
	 * pipe or FIFO have left or the peer of a connection has closed, with {@code EIO}
	 * where a terminal is hung up
	 * @see WritableByteChannel#write(ByteBuffer)
	 */
	@Override
	public int write(ByteBuffer buffer) {
		int position = buffer.position();
		int length = Math.max(0, buffer.limit() - position);
		acquire();
		try {
			int atOnce = isWholeMessage(length) ? length : BufferCalls.MAX_COPY;
			int result;
			do {
				result = BufferCalls.write(this.number, buffer, position, length, atOnce);
			}
			while (Errno.EINTR.is(result));
			if (result > 0) {
				transferred();
			}
			return advance(buffer, position, "write", result);
		}
		finally {
			release();
		}
	}

	/** Tells whether as much must not come in parts, where it is copied. */
	private boolean isWholeMessage(int length) {
		return length > BufferCalls.MAX_COPY && keepsMessagesApart();
	}

	private boolean keepsMessagesApart() {
		if (this.socketType == 0) {
			this.socketType = LibC.socketType(this.number);
		}
		return this.socketType > LibC.SOCK_STREAM;
	}

	/**
	 * Moves the position of a buffer by what a system call has read or written.
	 * @param buffer the buffer
	 * @param position its position at the call
	 * @param call the name of the call
	 * @param result its result
	 * @return the number of bytes, 0 for {@code -EAGAIN}
	 * @throws ErrnoException if the call has failed otherwise
	 */
	protected final int advance(ByteBuffer buffer, int position, String call, int result) {
		if (Errno.EAGAIN.is(result)) {
			return 0;
		}
		if (result < 0) {
			throw new ErrnoException(result, call, this);
		}
		buffer.position(position + result);
		return result;
	}

	/**
	 * Returns how much is there to read, see {@code FIONREAD} in {@code ioctl(2)}.
	 * @return the number of bytes
	 * @throws ErrnoException if the call fails, with {@code ENOTTY} if the kernel does
	 * not tell that of its kind
	 */
	public int unreadBytes() {
		int fd = acquire();
		try {
			int result = LibC.unreadBytes(fd);
			if (result < 0) {
				throw new ErrnoException(result, "ioctl", this, "FIONREAD");
			}
			return result;
		}
		finally {
			release();
		}
	}

	/**
	 * Tells whether the path by which it was opened still leads to it. It does not once
	 * the file was removed or replaced: who opens the path then has another file, or
	 * none, so that a FIFO gets nothing from there any more.
	 * @return {@code false} if the path leads elsewhere or nowhere
	 * @throws IllegalStateException if it is closed, or was not opened by a path
	 * @throws UncheckedIOException if the path cannot be looked at
	 */
	public boolean isAtPath() {
		if (this.path == null) {
			requireOpen();
			throw new IllegalStateException(this + " was not opened by a path");
		}
		int opened = acquire();
		try {
			return FileStatus.of(opened).isSameFileAs(FileStatus.of(this.path));
		}
		catch (NoSuchFileException ex) {
			return false;
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
		finally {
			release();
		}
	}

	/**
	 * Tells how often something was read or written, by which a loop finds out that a
	 * handler leaves its file descriptor as it is.
	 * @return the number, of which other threads may see an earlier one
	 */
	public final int transfers() {
		return this.transfers;
	}

	/**
	 * Notes that something was read or written. Subclasses and code that gives the number
	 * to system calls of its own call it, so that the loop does not take the handler for
	 * one that spins.
	 */
	public final void transferred() {
		this.transfers++;
	}

	/**
	 * Keeps the number from being closed until {@link #release()}, so that it can be
	 * given to a system call.
	 * @return the number of the file descriptor
	 * @throws IllegalStateException if it is closed or has no number
	 */
	public final int acquire() {
		StackReserve.requireLittle();
		int current;
		do {
			current = this.calls;
			if (current < 0) {
				requireOpen();
				throw new IllegalStateException(this + " has no number that a system call could take");
			}
		}
		while (!CALLS.compareAndSet(this, current, current + 1));
		return this.number;
	}

	/**
	 * Ends what {@link #acquire()} began.
	 * @throws IllegalStateException if no call is in progress that could end
	 */
	public final void release() {
		int current;
		do {
			current = this.calls;
			if (current << MARKS == 0) {
				throw new IllegalStateException(this + " is released without having been acquired");
			}
		}
		while (!CALLS.compareAndSet(this, current, current - 1));
		if (current - 1 == CLOSED) {
			giveBack();
		}
	}

	@Override
	public final boolean isOpen() {
		return !this.closing;
	}

	/**
	 * Refuses a call after {@link #close()}.
	 * @throws IllegalStateException if it is closed
	 */
	protected final void requireOpen() {
		if (this.closing) {
			throw new IllegalStateException(this + " is closed");
		}
	}

	/**
	 * Registers an action that runs in {@link #close()} before the number goes back to
	 * the kernel, in the thread that closes.
	 * @param action the action, which must not throw
	 * @throws IllegalStateException if it is closed
	 */
	public final void onClose(Runnable action) {
		StackReserve.require();
		synchronized (this.closeLock) {
			requireOpen();
			this.closeActions.add(action);
		}
	}

	/**
	 * Takes back an action given to {@link #onClose(Runnable)}.
	 * @param action the action
	 */
	public final void removeOnClose(Runnable action) {
		StackReserve.require();
		synchronized (this.closeLock) {
			if (!this.closing) {
				this.closeActions.remove(action);
			}
		}
	}

	/**
	 * Closes the file descriptor after its {@linkplain #onClose(Runnable) close actions}.
	 * Closing it again does nothing. An error of {@code close(2)} is not reported, as the
	 * number is free in any case. If an action throws, the others run all the same.
	 * @throws StackOverflowError if too little is left of the stack to close it; nothing
	 * has changed then
	 */
	@Override
	public final void close() {
		StackReserve.require();
		List<Runnable> actions = beginClosing();
		try {
			if (actions != null) {
				run(actions);
			}
		}
		finally {
			if (actions != null) {
				refuseCalls();
			}
			giveBack();
		}
	}

	/** Takes the close actions, or returns {@code null} if they were taken before. */
	private @Nullable List<Runnable> beginClosing() {
		synchronized (this.closeLock) {
			List<Runnable> actions = this.closing ? null : this.closeActions;
			this.closeActions = List.of();
			this.closing = true;
			return actions;
		}
	}

	/** Runs all actions, and throws what the first of those that throw has thrown. */
	private static void run(List<Runnable> actions) {
		Throwable first = null;
		for (int i = 0; i < actions.size(); i++) {
			try {
				actions.get(i).run();
			}
			catch (RuntimeException | Error ex) {
				first = (first != null) ? first : ex;
			}
		}
		if (first instanceof Error error) {
			throw error;
		}
		if (first instanceof RuntimeException exception) {
			throw exception;
		}
	}

	private void refuseCalls() {
		int current;
		do {
			current = this.calls;
		}
		while (!CALLS.compareAndSet(this, current, current | CLOSED));
	}

	/**
	 * Gives the number back to the kernel if the last call has ended and nobody else
	 * does. An overflow of the stack comes before the system call, and leaves it to
	 * another {@link #close()}.
	 */
	private void giveBack() {
		if (CALLS.compareAndSet(this, CLOSED, GIVEN_BACK) && this.owned) {
			boolean given = false;
			try {
				LibC.close(this.number);
				given = true;
			}
			finally {
				if (!given) {
					this.calls = CLOSED;
				}
			}
		}
	}

	@Override
	public String toString() {
		String text = LogText.of(this.description);
		return (this.number != NO_NUMBER) ? "fd " + this.number + " (" + text + ")" : text;
	}

}

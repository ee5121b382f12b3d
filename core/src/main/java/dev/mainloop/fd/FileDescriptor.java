package dev.mainloop.fd;

import java.nio.ByteBuffer;
import java.nio.channels.ByteChannel;
import java.nio.channels.ReadableByteChannel;
import java.nio.channels.WritableByteChannel;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.IntSupplier;

import dev.mainloop.libc.Errno;
import dev.mainloop.libc.ErrnoException;
import dev.mainloop.libc.LibC;
import dev.mainloop.libc.StackReserve;
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
 * All methods may be called by any thread. {@link #close()} takes effect once: its number
 * goes back to the kernel when the last call in progress has ended, so that no call ever
 * reaches a file that was given the same number later.
 */
public class FileDescriptor implements ByteChannel {

	private static final int CLOSED = Integer.MIN_VALUE;

	private static final int GIVEN_BACK = CLOSED | 1 << 30;

	/** How many bits are no part of the number of calls. */
	private static final int MARKS = 2;

	private static final int NO_NUMBER = -1;

	private static final int PERMISSIONS = 0666;

	private static final int PRIVATE_PERMISSIONS = 0600;

	private final int number;

	private final String description;

	private final boolean owned;

	/**
	 * The number of calls in progress, with the sign bit set once it is closed. It
	 * becomes {@link #CLOSED} with the last call after that, and {@link #GIVEN_BACK} in
	 * the thread that gives the number back, or from the start where there is none.
	 */
	private final AtomicInteger calls;

	private List<Runnable> closeActions = new ArrayList<>();

	private volatile boolean closing;

	/**
	 * Opens a file descriptor. A subclass allocates all that it needs before, and after
	 * that only keeps it, so that no error can come between the kernel and the owner.
	 * @param description what log lines call it
	 * @param opening opens it, and returns its number or throws
	 */
	FileDescriptor(String description, IntSupplier opening) {
		this(description, true, 0, opening);
	}

	private FileDescriptor(String description, boolean owned, int calls, IntSupplier opening) {
		this.description = description;
		this.owned = owned;
		this.calls = new AtomicInteger(calls);
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
		this(description, false, GIVEN_BACK, () -> NO_NUMBER);
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
		return new FileDescriptor(description, () -> {
			setFlag(number, LibC.F_GETFL, LibC.F_SETFL, LibC.O_NONBLOCK);
			setFlag(number, LibC.F_GETFD, LibC.F_SETFD, LibC.FD_CLOEXEC);
			return number;
		});
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
		return new FileDescriptor(description, false, 0, () -> {
			flags(number, LibC.F_GETFD);
			return number;
		});
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
	 * Opens a file: a FIFO, a serial line, a character device.
	 * @param path the file
	 * @param options of {@link StandardOpenOption}: {@code READ}, {@code WRITE},
	 * {@code APPEND}, {@code TRUNCATE_EXISTING}, {@code CREATE} and {@code CREATE_NEW};
	 * {@code READ} if neither reading nor writing is asked for; a file that is opened for
	 * reading alone is never truncated
	 * @return the file descriptor, to be closed by the caller
	 * @throws ErrnoException if {@code open(2)} fails
	 */
	public static FileDescriptor open(Path path, OpenOption... options) {
		int flags = flags(options);
		String name = path.toString();
		return new FileDescriptor(name, () -> open(name, flags, PERMISSIONS));
	}

	/**
	 * Opens a FIFO for reading commands that come and go: it is made when missing, with
	 * permissions for its owner alone, and held open for writing too, so that the end of
	 * one writer is not the end of the file.
	 * @param path where the FIFO is or shall be
	 * @return the file descriptor, to be closed by the caller
	 * @throws ErrnoException if {@code mkfifo(3)} or {@code open(2)} fails
	 */
	public static FileDescriptor openFifo(Path path) {
		String name = path.toString();
		return new FileDescriptor(name, () -> {
			int result = LibC.mkfifo(name, PRIVATE_PERMISSIONS);
			if (result < 0 && !Errno.EEXIST.is(result)) {
				throw new ErrnoException(result, "mkfifo", name);
			}
			return open(name, LibC.O_RDWR, 0);
		});
	}

	private static int open(String path, int flags, int permissions) {
		int all = flags | LibC.O_NONBLOCK | LibC.O_CLOEXEC | LibC.O_NOCTTY;
		int result;
		do {
			result = LibC.open(path, all, permissions);
		}
		while (Errno.EINTR.is(result));
		if (result < 0) {
			throw new ErrnoException(result, "open", path, "0" + Integer.toOctalString(all));
		}
		return result;
	}

	private static int flags(OpenOption... options) {
		Set<StandardOpenOption> set = EnumSet.noneOf(StandardOpenOption.class);
		int flags = 0;
		for (OpenOption option : options) {
			if (!(option instanceof StandardOpenOption standard)) {
				throw new IllegalArgumentException("'" + option + "' is not an option of open(2)");
			}
			set.add(standard);
			flags |= switch (standard) {
				case READ, WRITE -> 0;
				case APPEND -> LibC.O_APPEND;
				case CREATE -> LibC.O_CREAT;
				case CREATE_NEW -> LibC.O_CREAT | LibC.O_EXCL;
				case TRUNCATE_EXISTING -> LibC.O_TRUNC;
				default -> throw new IllegalArgumentException("'" + option + "' is not supported by FileDescriptor");
			};
		}
		boolean write = set.contains(StandardOpenOption.WRITE) || set.contains(StandardOpenOption.APPEND);
		if (!write) {
			return flags & ~LibC.O_TRUNC | LibC.O_RDONLY;
		}
		return flags | (set.contains(StandardOpenOption.READ) ? LibC.O_RDWR : LibC.O_WRONLY);
	}

	/**
	 * Reads what is there, see {@code read(2)}.
	 * @param buffer where to put the bytes
	 * @return the number of bytes, 0 if none are there yet or the buffer is full, -1 at
	 * the end of the file
	 * @throws ErrnoException if the call fails
	 * @see ReadableByteChannel#read(ByteBuffer)
	 */
	@Override
	public int read(ByteBuffer buffer) {
		if (buffer.isReadOnly()) {
			throw new IllegalArgumentException("'buffer' must not be read-only");
		}
		if (!buffer.hasRemaining()) {
			return 0;
		}
		acquire();
		try {
			int result;
			do {
				result = LibC.read(this.number, buffer);
			}
			while (Errno.EINTR.is(result));
			if (result == 0) {
				return -1;
			}
			return advance(buffer, "read", result);
		}
		finally {
			release();
		}
	}

	/**
	 * Writes what there is room for, see {@code write(2)}.
	 * @param buffer the bytes
	 * @return the number of bytes taken, which may be 0
	 * @throws ErrnoException if the call fails
	 * @see WritableByteChannel#write(ByteBuffer)
	 */
	@Override
	public int write(ByteBuffer buffer) {
		acquire();
		try {
			int result;
			do {
				result = LibC.write(this.number, buffer);
			}
			while (Errno.EINTR.is(result));
			return advance(buffer, "write", result);
		}
		finally {
			release();
		}
	}

	private int advance(ByteBuffer buffer, String call, int result) {
		if (Errno.EAGAIN.is(result)) {
			return 0;
		}
		if (result < 0) {
			throw new ErrnoException(result, call, this);
		}
		buffer.position(buffer.position() + result);
		return result;
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
			current = this.calls.get();
			if (current < 0) {
				requireOpen();
				throw new IllegalStateException(this + " has no number that a system call could take");
			}
		}
		while (!this.calls.compareAndSet(current, current + 1));
		return this.number;
	}

	/**
	 * Ends what {@link #acquire()} began.
	 * @throws IllegalStateException if no call is in progress that could end
	 */
	public final void release() {
		int current;
		do {
			current = this.calls.get();
			if (current << MARKS == 0) {
				throw new IllegalStateException(this + " is released without having been acquired");
			}
		}
		while (!this.calls.compareAndSet(current, current - 1));
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
		synchronized (this.calls) {
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
		synchronized (this.calls) {
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
		synchronized (this.calls) {
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
			current = this.calls.get();
		}
		while (!this.calls.compareAndSet(current, current | CLOSED));
	}

	/**
	 * Gives the number back to the kernel if the last call has ended and nobody else
	 * does. An overflow of the stack comes before the system call, and leaves it to
	 * another {@link #close()}.
	 */
	private void giveBack() {
		if (this.calls.compareAndSet(CLOSED, GIVEN_BACK) && this.owned) {
			boolean given = false;
			try {
				LibC.close(this.number);
				given = true;
			}
			finally {
				if (!given) {
					this.calls.set(CLOSED);
				}
			}
		}
	}

	@Override
	public String toString() {
		return (this.number != NO_NUMBER) ? "fd " + this.number + " (" + this.description + ")" : this.description;
	}

}

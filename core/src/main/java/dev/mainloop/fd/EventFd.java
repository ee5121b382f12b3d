package dev.mainloop.fd;

import java.util.function.IntSupplier;

import dev.mainloop.libc.Errno;
import dev.mainloop.libc.ErrnoException;
import dev.mainloop.libc.LibC;
import dev.mainloop.libc.NativeMemory;

/**
 * An eventfd: one 64-bit counter in the kernel, readable while it is not zero, see
 * {@code eventfd(2)}. All methods may be called by any thread.
 */
public class EventFd extends FileDescriptor {

	private final NativeMemory counter;

	private EventFd(NativeMemory counter, IntSupplier opening) {
		super("eventfd", opening);
		this.counter = counter;
	}

	/**
	 * Creates an eventfd that the kernel does not know, see
	 * {@link FileDescriptor#FileDescriptor(String)}.
	 * @param description what log lines call it
	 */
	protected EventFd(String description) {
		super(description);
		this.counter = new NativeMemory(0);
	}

	/**
	 * Opens an eventfd of which each {@link #take()} takes the whole counter.
	 * @param initialValue the first value of the counter, not negative
	 * @return the eventfd, to be closed by the caller
	 * @throws ErrnoException if {@code eventfd(2)} fails
	 */
	public static EventFd open(int initialValue) {
		return open(initialValue, 0);
	}

	/**
	 * Opens an eventfd of which each {@link #take()} takes one.
	 * @param initialValue the first value of the counter, not negative
	 * @return the eventfd, to be closed by the caller
	 * @throws ErrnoException if {@code eventfd(2)} fails
	 */
	public static EventFd openSemaphore(int initialValue) {
		return open(initialValue, LibC.EFD_SEMAPHORE);
	}

	private static EventFd open(int initialValue, int flags) {
		if (initialValue < 0) {
			throw new IllegalArgumentException("'initialValue' must not be negative but is " + initialValue);
		}
		return new EventFd(new NativeMemory(Long.BYTES), () -> eventFd(initialValue, flags));
	}

	private static int eventFd(int initialValue, int flags) {
		int result = LibC.eventFd(initialValue, flags);
		if (result < 0) {
			throw new ErrnoException(result, "eventfd", initialValue, flags);
		}
		return result;
	}

	/**
	 * Adds to the counter.
	 * @param value how much to add, from 0 to 2<sup>63</sup>-1
	 * @return {@code true}, or {@code false} if the counter would pass its maximum of
	 * 2<sup>64</sup>-2 and was left as it is
	 * @throws ErrnoException if the call fails
	 */
	public boolean add(long value) {
		if (value < 0) {
			throw new IllegalArgumentException("'value' must not be negative but is " + value);
		}
		int fd = acquire();
		try {
			int result = LibC.eventFdWrite(fd, value);
			if (Errno.EAGAIN.is(result)) {
				return false;
			}
			if (result < 0) {
				throw new ErrnoException(result, "eventfd_write", this, value);
			}
			return true;
		}
		finally {
			release();
		}
	}

	/**
	 * Takes the counter and resets it to 0, or takes one from it in semaphore mode.
	 * @return what was taken, as an unsigned number, or 0 if the counter is 0
	 * @throws ErrnoException if the call fails
	 */
	public long take() {
		int fd = acquire();
		try {
			synchronized (this.counter) {
				int result = LibC.read(fd, this.counter.address(), this.counter.size());
				if (Errno.EAGAIN.is(result)) {
					return 0;
				}
				if (result < 0) {
					throw new ErrnoException(result, "read", this);
				}
				transferred();
				return this.counter.getLong(0);
			}
		}
		finally {
			release();
		}
	}

}

package dev.mainloop.multiplexer;

import java.util.function.LongToIntFunction;

import dev.mainloop.fd.FileDescriptor;
import dev.mainloop.libc.EpollEvents;
import dev.mainloop.libc.ErrnoException;
import dev.mainloop.libc.LibC;

/**
 * The multiplexer that stands on {@code epoll(7)}. One system call takes as many events
 * as are there: the batch doubles whenever a wait fills it.
 */
public final class EpollMultiplexer implements IoMultiplexer {

	private static final int INITIAL_BATCH = 128;

	private static final int LARGEST_BATCH = 8192;

	private final int epollFd;

	private final LongToIntFunction wait = this::waitFor;

	private final EpollEvents change = new EpollEvents(1);

	private EpollEvents batch = new EpollEvents(INITIAL_BATCH);

	private boolean batchFull;

	private boolean closed;

	private EpollMultiplexer(int epollFd) {
		this.epollFd = epollFd;
	}

	/**
	 * Opens an epoll instance.
	 * @return the multiplexer, to be closed by the caller
	 * @throws ErrnoException if {@code epoll_create1(2)} fails
	 */
	public static EpollMultiplexer open() {
		int result = LibC.epollCreate();
		if (result < 0) {
			throw new ErrnoException(result, "epoll_create1", "EPOLL_CLOEXEC");
		}
		return new EpollMultiplexer(result);
	}

	@Override
	public String name() {
		return "epoll";
	}

	@Override
	public boolean supports(Trigger trigger) {
		return true;
	}

	@Override
	public boolean isConcurrent() {
		return true;
	}

	@Override
	public void add(FileDescriptor fd, int interest, Trigger trigger, long token) {
		this.change.set(0, interest | flag(trigger), token);
		control(LibC.EPOLL_CTL_ADD, "EPOLL_CTL_ADD", fd, this.change.address());
	}

	@Override
	public void modify(FileDescriptor fd, int interest, Trigger trigger, long token) {
		this.change.set(0, interest | flag(trigger), token);
		control(LibC.EPOLL_CTL_MOD, "EPOLL_CTL_MOD", fd, this.change.address());
	}

	@Override
	public void remove(FileDescriptor fd) {
		control(LibC.EPOLL_CTL_DEL, "EPOLL_CTL_DEL", fd, 0);
	}

	private static int flag(Trigger trigger) {
		return switch (trigger) {
			case LEVEL -> 0;
			case EDGE -> LibC.EPOLLET;
			case ONE_SHOT -> LibC.EPOLLONESHOT;
		};
	}

	private void control(int operation, String name, FileDescriptor fd, long event) {
		int number = fd.acquire();
		try {
			int result = LibC.epollControl(this.epollFd, operation, number, event);
			if (result < 0) {
				throw new ErrnoException(result, "epoll_ctl", this.epollFd, name, fd);
			}
		}
		finally {
			fd.release();
		}
	}

	@Override
	public int await(long timeoutNanos) {
		if (this.batchFull) {
			this.batch = new EpollEvents(this.batch.capacity() * 2);
		}
		int result = EarlyEnd.restart(timeoutNanos, this.wait);
		if (result < 0) {
			throw new ErrnoException(result, "epoll_wait", this.epollFd);
		}
		this.batchFull = result == this.batch.capacity() && result < LARGEST_BATCH;
		return result;
	}

	private int waitFor(long timeoutNanos) {
		return LibC.epollWait(this.epollFd, this.batch.address(), this.batch.capacity(),
				Millis.ofTimeout(timeoutNanos));
	}

	@Override
	public long token(int index) {
		return this.batch.data(index);
	}

	@Override
	public int readiness(int index) {
		return this.batch.events(index);
	}

	@Override
	public void close() {
		if (!this.closed) {
			this.closed = true;
			LibC.close(this.epollFd);
		}
	}

}

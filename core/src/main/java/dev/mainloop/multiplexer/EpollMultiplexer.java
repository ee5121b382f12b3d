package dev.mainloop.multiplexer;

import java.util.function.LongToIntFunction;

import dev.mainloop.fd.FileDescriptor;
import dev.mainloop.libc.EpollEvents;
import dev.mainloop.libc.ErrnoException;
import dev.mainloop.libc.LibC;
import dev.mainloop.libc.StackReserve;
import dev.mainloop.libc.TimeSpec;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The multiplexer that stands on {@code epoll(7)}. One system call takes an event of each
 * registration, up to 8192. The memory for them is allocated with the registrations;
 * where there is none to be had, one call takes fewer. Where the kernel has
 * {@code epoll_pwait2(2)}, a wait ends at its time-out to the nanosecond.
 */
public final class EpollMultiplexer implements IoMultiplexer {

	private static final Logger logger = LoggerFactory.getLogger(EpollMultiplexer.class);

	private static final int INITIAL_BATCH = 128;

	private static final int LARGEST_BATCH = 8192;

	private int epollFd;

	private final LongToIntFunction wait = this::waitFor;

	private final EpollEvents change = new EpollEvents(1);

	private final CurrentReadiness currentReadiness = new CurrentReadiness();

	private int registrations;

	private int registrationsToGrow = INITIAL_BATCH;

	/** The batch for the waits to come, which those who register replace. */
	private volatile EpollEvents nextBatch = new EpollEvents(INITIAL_BATCH);

	/** The batch of the last wait, which belongs to the thread that waits. */
	private EpollEvents batch = this.nextBatch;

	private boolean closed;

	private final TimeSpec timeout = new TimeSpec();

	private final boolean exact;

	private EpollMultiplexer() {
		StackReserve.require();
		this.epollFd = create();
		this.exact = hasExactWait();
	}

	/** Tries the wait that Linux has since 5.11, and that a sandbox may refuse. */
	private boolean hasExactWait() {
		int result = waitExactly(0);
		if (result < 0 && logger.isDebugEnabled()) {
			logger.debug("Timers take a timerfd, as the exact wait is refused: "
					+ new ErrnoException(result, "epoll_pwait2", this.epollFd).getMessage());
		}
		return result >= 0;
	}

	/**
	 * Opens an epoll instance.
	 * @return the multiplexer, to be closed by the caller
	 * @throws ErrnoException if {@code epoll_create1(2)} fails
	 */
	public static EpollMultiplexer open() {
		return new EpollMultiplexer();
	}

	private static int create() {
		int result = LibC.epollCreate();
		if (result < 0) {
			throw new ErrnoException(result, "epoll_create1", "EPOLL_CLOEXEC");
		}
		return result;
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
	public boolean isExact() {
		return this.exact;
	}

	@Override
	public boolean isConcurrent() {
		return true;
	}

	@Override
	public void add(FileDescriptor fd, int interest, Trigger trigger, long token) {
		if (this.registrations >= this.registrationsToGrow) {
			growBatch();
		}
		this.change.set(0, interest | flag(trigger), token);
		control(LibC.EPOLL_CTL_ADD, "EPOLL_CTL_ADD", fd, this.change.address());
		this.registrations++;
	}

	/**
	 * Has the next wait take more events. If there is no memory for that, it is tried
	 * again at twice as many registrations, as the JVM takes half a second for each
	 * attempt.
	 */
	private void growBatch() {
		this.registrationsToGrow *= 2;
		if (this.registrationsToGrow <= LARGEST_BATCH) {
			try {
				this.nextBatch = new EpollEvents(this.registrationsToGrow);
			}
			catch (OutOfMemoryError ex) {
				// Fewer events at once do.
			}
		}
	}

	@Override
	public void modify(FileDescriptor fd, int interest, Trigger trigger, long token) {
		this.change.set(0, interest | flag(trigger), token);
		control(LibC.EPOLL_CTL_MOD, "EPOLL_CTL_MOD", fd, this.change.address());
	}

	@Override
	public void remove(FileDescriptor fd) {
		control(LibC.EPOLL_CTL_DEL, "EPOLL_CTL_DEL", fd, 0);
		this.registrations--;
	}

	@Override
	public int currentReadiness(FileDescriptor fd, int interest) {
		return this.currentReadiness.of(fd, interest);
	}

	@Override
	public boolean reset() {
		StackReserve.require();
		int before = this.epollFd;
		this.epollFd = create();
		this.registrations = 0;
		LibC.close(before);
		return true;
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
		this.batch = this.nextBatch;
		int result = EarlyEnd.restart(timeoutNanos, this.wait);
		if (result < 0) {
			throw new ErrnoException(result, "epoll_wait", this.epollFd);
		}
		return result;
	}

	private int waitFor(long timeoutNanos) {
		if (this.exact && timeoutNanos > 0) {
			return waitExactly(timeoutNanos);
		}
		return LibC.epollWait(this.epollFd, this.batch.address(), this.batch.capacity(),
				Millis.ofTimeout(timeoutNanos));
	}

	private int waitExactly(long timeoutNanos) {
		this.timeout.set(timeoutNanos);
		return LibC.epollWait2(this.epollFd, this.batch.address(), this.batch.capacity(), this.timeout.address());
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
		StackReserve.require();
		if (!this.closed) {
			this.closed = true;
			LibC.close(this.epollFd);
		}
	}

}

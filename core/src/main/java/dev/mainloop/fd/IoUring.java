package dev.mainloop.fd;

import java.lang.ref.Reference;
import java.util.EnumSet;
import java.util.Set;

import dev.mainloop.libc.Errno;
import dev.mainloop.libc.ErrnoException;
import dev.mainloop.libc.IoUringParams;
import dev.mainloop.libc.IoUringProbe;
import dev.mainloop.libc.IoUringQueues;
import dev.mainloop.libc.LibC;
import dev.mainloop.libc.NativeMemory;
import dev.mainloop.libc.PollFds;
import dev.mainloop.libc.StackReserve;
import org.jspecify.annotations.Nullable;

/**
 * An io_uring: operations that go to the kernel many at a time and complete later, see
 * {@code io_uring(7)}. It needs Linux 5.12 or later, and a sandbox that lets it be.
 * <p>
 * An operation is prepared by {@link #prepare}, which calls nothing, and begins with the
 * next {@link #submit()} or {@link #await}. Its memory, such as buffers and paths, is the
 * caller's, and must stay as it is until the operation has completed. Each time that
 * operations complete, the kernel adds to an eventfd, if one was
 * {@linkplain #register(EventFd) registered}. {@link #next()} takes the completions,
 * which come in any order; none is lost, however many there are.
 * <p>
 * To be used by one thread at a time. The thread that has submitted an operation may have
 * to enter the kernel for it to complete; a thread that sleeps there is woken for that.
 * Only opening one allocates.
 */
public final class IoUring implements AutoCloseable {

	/** {@code IORING_FEAT_SINGLE_MMAP}. */
	private static final int SINGLE_MAPPING = 1;

	/**
	 * {@code IORING_FEAT_NODROP}: completions that the queue has no room for are kept.
	 */
	private static final int NO_DROP = 1 << 1;

	/**
	 * {@code IORING_FEAT_NATIVE_WORKERS}: what the kernel runs on threads of its own has
	 * the limits, the umask and the credentials of the process.
	 */
	private static final int NATIVE_WORKERS = 1 << 9;

	private final Set<IoUringOpcode> supported = EnumSet.noneOf(IoUringOpcode.class);

	private static final int POLLIN = 1;

	private final PollFds pollFd = new PollFds(1);

	private final int number;

	private final IoUringQueues queues;

	private int inFlight;

	private boolean closed;

	private IoUring(int entries) {
		IoUringParams params = new IoUringParams();
		IoUringProbe probe = new IoUringProbe();
		StackReserve.require();
		this.number = setUp(entries, params);
		IoUringQueues mapped = null;
		boolean opened = false;
		try {
			requireFeatures(params.features());
			mapped = new IoUringQueues(this.number, params);
			probe(probe);
			this.pollFd.set(0, this.number, POLLIN);
			opened = true;
		}
		finally {
			if (!opened) {
				close(this.number, mapped);
			}
		}
		this.queues = mapped;
	}

	/**
	 * Opens an io_uring.
	 * @param entries how many operations can be prepared before they are submitted, from
	 * 1 to 32768, rounded up to a power of two; there is room for twice as many
	 * completions, and those beyond cost an allocation in the kernel
	 * @return the io_uring, to be closed by the caller
	 * @throws UnsupportedOperationException if the kernel is older than Linux 5.12
	 * @throws ErrnoException if {@code io_uring_setup(2)}, {@code mmap(2)} or
	 * {@code io_uring_register(2)} fails: with {@code EPERM} where a sandbox or
	 * {@code kernel.io_uring_disabled} refuses it, with {@code ENOSYS} where the kernel
	 * does not have it
	 */
	public static IoUring open(int entries) {
		return new IoUring(entries);
	}

	/** Older kernels interrupt the thread for each completion. */
	private static int setUp(int entries, IoUringParams params) {
		params.setFlags(IoUringParams.COOP_TASKRUN);
		int result = LibC.ioUringSetup(entries, params.address());
		if (Errno.EINVAL.is(result)) {
			params.setFlags(0);
			result = LibC.ioUringSetup(entries, params.address());
		}
		if (result < 0) {
			throw new ErrnoException(result, "io_uring_setup", entries);
		}
		return result;
	}

	static void requireFeatures(int features) {
		int missing = (SINGLE_MAPPING | NO_DROP | NATIVE_WORKERS) & ~features;
		if (missing != 0) {
			throw new UnsupportedOperationException(
					"The io_uring of this kernel is older than that of Linux 5.12: it lacks the features 0x"
							+ Integer.toHexString(missing));
		}
	}

	private void probe(IoUringProbe probe) {
		int result = LibC.ioUringRegister(this.number, LibC.IORING_REGISTER_PROBE, probe.address(), IoUringProbe.SIZE);
		if (result < 0) {
			throw new ErrnoException(result, "io_uring_register", this.number, "IORING_REGISTER_PROBE");
		}
		for (IoUringOpcode opcode : IoUringOpcode.values()) {
			if (probe.supports(opcode.number())) {
				this.supported.add(opcode);
			}
		}
	}

	/**
	 * Has the kernel add to an eventfd each time that operations complete. There can be
	 * one, before operations are prepared.
	 * @param eventFd the eventfd, which stays the caller's and may be closed before this
	 * @throws IllegalStateException if one of both is closed
	 * @throws ErrnoException if {@code io_uring_register(2)} fails
	 */
	public void register(EventFd eventFd) {
		requireOpen();
		NativeMemory argument = new NativeMemory(Integer.BYTES);
		argument.putInt(0, eventFd.acquire());
		try {
			int result = LibC.ioUringRegister(this.number, LibC.IORING_REGISTER_EVENTFD, argument.address(), 1);
			Reference.reachabilityFence(argument);
			if (result < 0) {
				throw new ErrnoException(result, "io_uring_register", this.number, "IORING_REGISTER_EVENTFD", eventFd);
			}
		}
		finally {
			eventFd.release();
		}
	}

	/**
	 * Tells whether the kernel has an operation.
	 * @param opcode the operation
	 * @return {@code true} if it has
	 */
	public boolean supports(IoUringOpcode opcode) {
		return this.supported.contains(opcode);
	}

	/**
	 * Prepares an operation, of which each argument has the meaning that
	 * {@code io_uring_enter(2)} gives it for the opcode. It completes with
	 * {@code -EINVAL} if the kernel does not have it.
	 * @param opcode what to do
	 * @param flags {@code IOSQE_…} bits, but for {@code IOSQE_CQE_SKIP_SUCCESS}
	 * @param fd a file descriptor, to stay open until the operation was submitted
	 * @param offset where in the file, or a second address
	 * @param address the address of its memory
	 * @param length the length of that in bytes
	 * @param operationFlags flags of the operation
	 * @param userData what tells its completion from others
	 * @return {@code true}, or {@code false} if there is no room before the next
	 * {@link #submit()}
	 * @throws IllegalStateException if it is closed
	 */
	public boolean prepare(IoUringOpcode opcode, int flags, int fd, long offset, long address, int length,
			int operationFlags, long userData) {
		requireOpen();
		boolean put = this.queues.put(opcode.number(), flags, fd, offset, address, length, operationFlags, userData);
		this.inFlight += put ? 1 : 0;
		return put;
	}

	/**
	 * Begins all operations that are prepared, by one system call; without any it makes
	 * none.
	 * @return {@code true}, or {@code false} if the kernel has left some for want of
	 * memory, or until completions are taken: they stay prepared, and are to be submitted
	 * again
	 * @throws IllegalStateException if it is closed
	 * @throws ErrnoException if {@code io_uring_enter(2)} fails otherwise
	 */
	public boolean submit() {
		requireOpen();
		int prepared = this.queues.submissions();
		// One that is wrong in itself completes at once, and ends the call after it.
		while (prepared > 0 && enter(prepared, 0, 0) > 0) {
			prepared = this.queues.submissions();
		}
		return prepared == 0;
	}

	/**
	 * Returns how many operations were prepared and have no completion taken.
	 * @return their number
	 */
	public int inFlight() {
		return this.inFlight;
	}

	/**
	 * Tells whether there is a completion, by a look at memory.
	 * @return {@code true} if {@link #next()} has one
	 * @throws IllegalStateException if it is closed
	 */
	public boolean hasCompletion() {
		requireOpen();
		return !this.queues.isEmpty() || this.queues.hasOverflown();
	}

	/**
	 * Waits for a completion, and begins what is prepared before that. May return early.
	 * @param timeoutMillis how long to wait, in milliseconds; -1 waits without limit
	 * @return {@code true} if there is one
	 * @throws IllegalStateException if nothing is in flight, or it is closed
	 * @throws ErrnoException if {@code io_uring_enter(2)} or {@code poll(2)} fails
	 */
	public boolean await(int timeoutMillis) {
		requireOpen();
		if (this.inFlight == 0) {
			throw new IllegalStateException("Nothing is in flight that " + this + " could wait for");
		}
		if (submit() && !hasCompletion()) {
			int result = LibC.poll(this.pollFd.address(), 1, timeoutMillis);
			if (result < 0 && !Errno.EINTR.is(result)) {
				throw new ErrnoException(result, "poll", this, timeoutMillis);
			}
		}
		return hasCompletion();
	}

	/**
	 * Takes the next completion, of which {@link #userData()} and {@link #result()} tell.
	 * @return {@code true}, or {@code false} if there is none
	 * @throws IllegalStateException if it is closed
	 * @throws ErrnoException if {@code io_uring_enter(2)} fails, which is called for
	 * completions that there was no room for: with {@code EBADR} if the kernel had no
	 * memory to keep them
	 */
	public boolean next() {
		requireOpen();
		if (this.queues.isEmpty() && this.queues.hasOverflown()) {
			enter(0, 0, LibC.IORING_ENTER_GETEVENTS);
		}
		boolean taken = this.queues.next();
		this.inFlight -= taken ? 1 : 0;
		return taken;
	}

	/**
	 * Returns the user data of the completion that was taken last.
	 * @return what was given to {@link #prepare}
	 */
	public long userData() {
		return this.queues.userData();
	}

	/**
	 * Returns the result of the completion that was taken last.
	 * @return what the system call returns, or a negated errno, {@code -ECANCELED} if it
	 * was cancelled before it began
	 */
	public int result() {
		return this.queues.result();
	}

	/** Returns how many submissions were taken, 0 for an error that passes. */
	private int enter(int submissions, int completions, int flags) {
		int result = LibC.ioUringEnter(this.number, submissions, completions, flags);
		if (Errno.EINTR.is(result) || Errno.EAGAIN.is(result) || Errno.EBUSY.is(result)) {
			return 0;
		}
		if (result < 0) {
			throw new ErrnoException(result, "io_uring_enter", this.number, submissions, completions, flags);
		}
		return result;
	}

	private void requireOpen() {
		if (this.closed) {
			throw new IllegalStateException(this + " is closed");
		}
	}

	/**
	 * Closes the io_uring. Operations that are in flight are cancelled or go on without a
	 * completion, and the kernel may still use their memory after this: the caller
	 * {@linkplain #await awaits} them before. Closing it again does nothing.
	 * @throws StackOverflowError if too little is left of the stack to close it; nothing
	 * has changed then
	 */
	@Override
	public void close() {
		StackReserve.require();
		if (!this.closed) {
			this.closed = true;
			close(this.number, this.queues);
		}
	}

	private static void close(int number, @Nullable IoUringQueues queues) {
		if (queues != null) {
			queues.close();
		}
		LibC.close(number);
	}

	@Override
	public String toString() {
		return "fd " + this.number + " (io_uring)";
	}

}

package dev.mainloop.fd;

import java.lang.ref.Reference;
import java.util.Collection;
import java.util.function.Consumer;
import java.util.function.IntSupplier;

import dev.mainloop.libc.Errno;
import dev.mainloop.libc.ErrnoException;
import dev.mainloop.libc.LibC;
import dev.mainloop.libc.SignalFdInfos;
import dev.mainloop.libc.SignalSet;

/**
 * A signalfd: readable while one of its signals is pending for the process, see
 * {@code signalfd(2)}. A signal becomes pending only while every thread blocks it;
 * opening a signalfd does not block it. All methods may be called by any thread.
 * <p>
 * Of a standard signal only one can be pending, so that those which are sent until it is
 * taken come as one, with the sender of the first. A real-time signal comes as often as
 * it was sent, each with its value; the sender gets an error where the queue of the user
 * is full, see {@code RLIMIT_SIGPENDING} in {@code getrlimit(2)}.
 * <p>
 * A process that the JVM starts may begin with the same signals blocked, and a blocked
 * {@code SIGTERM} does not end it: a JVM of JDK 17 passes on what it blocks, one of JDK
 * 25 does not. {@code env --default-signal} before the command of the child unblocks them
 * and gives each its default action, see {@code env(1)}.
 */
public class SignalFd extends FileDescriptor {

	private static final int BATCH = 16;

	private final SignalFdInfos infos;

	private SignalFd(SignalFdInfos infos, IntSupplier opening) {
		super("signalfd", opening);
		this.infos = infos;
	}

	/**
	 * Creates a signalfd that the kernel does not know, see
	 * {@link FileDescriptor#FileDescriptor(String)}.
	 * @param description what log lines call it
	 */
	protected SignalFd(String description) {
		super(description);
		this.infos = new SignalFdInfos(0);
	}

	/**
	 * Opens a signalfd.
	 * @param signals the signals that it accepts
	 * @return the signalfd, to be closed by the caller
	 * @throws ErrnoException if {@code signalfd(2)} fails
	 */
	public static SignalFd open(Collection<Signal> signals) {
		SignalSet mask = mask(signals);
		return new SignalFd(new SignalFdInfos(BATCH), () -> signalFd(-1, mask, signals));
	}

	/**
	 * Changes the signals that it accepts. One that is pending and no longer accepted
	 * stays pending.
	 * @param signals the signals
	 * @throws ErrnoException if {@code signalfd(2)} fails
	 */
	public void accept(Collection<Signal> signals) {
		SignalSet mask = mask(signals);
		int fd = acquire();
		try {
			signalFd(fd, mask, signals);
		}
		finally {
			release();
		}
	}

	private static SignalSet mask(Collection<Signal> signals) {
		SignalSet mask = new SignalSet();
		signals.forEach((signal) -> mask.add(signal.number()));
		return mask;
	}

	private static int signalFd(int fd, SignalSet mask, Collection<Signal> signals) {
		int result = LibC.signalFd(fd, mask.address());
		Reference.reachabilityFence(mask);
		if (result < 0) {
			throw new ErrnoException(result, "signalfd", fd, signals);
		}
		return result;
	}

	/**
	 * Takes pending signals with one system call, at most 16, real-time signals of one
	 * number in the order in which they were sent. If the action throws for one, it gets
	 * the others all the same, before that is thrown.
	 * @param action what to do with each, in the calling thread
	 * @return the number of signals taken
	 * @throws ErrnoException if the call fails
	 */
	public int take(Consumer<? super SignalInfo> action) {
		int fd = acquire();
		try {
			synchronized (this.infos) {
				int result = this.infos.readFrom(fd);
				if (Errno.EAGAIN.is(result)) {
					return 0;
				}
				if (result < 0) {
					throw new ErrnoException(result, "read", this);
				}
				transferred();
				handOn(result, action);
				return result;
			}
		}
		finally {
			release();
		}
	}

	/** Hands on all, as the kernel has them no more, and throws then. */
	private void handOn(int count, Consumer<? super SignalInfo> action) {
		Throwable first = null;
		for (int i = 0; i < count; i++) {
			try {
				action.accept(info(i));
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

	private SignalInfo info(int index) {
		return new SignalInfo(Signal.of(this.infos.number(index)), true, this.infos.code(index), this.infos.pid(index),
				this.infos.uid(index), this.infos.status(index), this.infos.value(index));
	}

}

package dev.mainloop.fd;

import java.lang.ref.Reference;
import java.util.Collection;
import java.util.function.Consumer;

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

	private SignalFd(int number) {
		super(number, "signalfd");
		this.infos = new SignalFdInfos(BATCH);
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
		return new SignalFd(signalFd(-1, signals));
	}

	/**
	 * Changes the signals that it accepts. One that is pending and no longer accepted
	 * stays pending.
	 * @param signals the signals
	 * @throws ErrnoException if {@code signalfd(2)} fails
	 */
	public void accept(Collection<Signal> signals) {
		int fd = acquire();
		try {
			signalFd(fd, signals);
		}
		finally {
			release();
		}
	}

	private static int signalFd(int fd, Collection<Signal> signals) {
		SignalSet mask = new SignalSet();
		signals.forEach((signal) -> mask.add(signal.number()));
		int result = LibC.signalFd(fd, mask.address());
		Reference.reachabilityFence(mask);
		if (result < 0) {
			throw new ErrnoException(result, "signalfd", fd, signals);
		}
		return result;
	}

	/**
	 * Takes pending signals with one system call, at most 16, real-time signals of one
	 * number in the order in which they were sent.
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
				for (int i = 0; i < result; i++) {
					action.accept(info(i));
				}
				return result;
			}
		}
		finally {
			release();
		}
	}

	private SignalInfo info(int index) {
		return new SignalInfo(Signal.of(this.infos.number(index)), true, this.infos.code(index), this.infos.pid(index),
				this.infos.uid(index), this.infos.status(index), this.infos.value(index));
	}

}

package dev.mainloop;

import java.util.Collection;
import java.util.function.Predicate;

import dev.mainloop.fd.ChildFd;
import dev.mainloop.fd.ClockId;
import dev.mainloop.fd.EventFd;
import dev.mainloop.fd.PidFd;
import dev.mainloop.fd.Signal;
import dev.mainloop.fd.SignalFd;
import dev.mainloop.fd.Spawn;
import dev.mainloop.fd.TimerFd;
import dev.mainloop.libc.ErrnoException;
import dev.mainloop.libc.Unavailability;
import org.jspecify.annotations.Nullable;

/**
 * What a {@link MainLoop} has of the operating system for itself, beside its multiplexer
 * and its clock, and the process with them that they are all in. A test replaces it to do
 * without Linux.
 */
public abstract class Platform {

	/** The kernel. */
	public static final Platform LINUX = new LinuxPlatform();

	/** Stands for a slack that is not known, or does not matter. */
	static final long UNKNOWN_SLACK = 0;

	private final SignalHub signals = new SignalHub();

	/**
	 * Creates a platform, whose signals the loops on it share.
	 */
	protected Platform() {
	}

	/** Returns what shares its signals among the loops on it. */
	final SignalHub signals() {
		return this.signals;
	}

	/**
	 * Tells why the platform is not to be had on this host.
	 * @return the reason, or {@code null} if it is
	 */
	public abstract @Nullable Unavailability unavailability();

	/**
	 * Opens the eventfd by which other threads wake the loop.
	 * @return the eventfd with its counter at zero, to be closed by the caller
	 * @throws ErrnoException if the kernel refuses
	 */
	public abstract EventFd openEventFd();

	/**
	 * Opens a timerfd that wakes the loop.
	 * @param clock the clock that it follows
	 * @return the timerfd, to be closed by the caller
	 * @throws IllegalStateException if the process lacks the capability that an alarm
	 * clock needs
	 * @throws ErrnoException if the kernel refuses otherwise
	 */
	public abstract TimerFd openTimerFd(ClockId clock);

	/**
	 * Opens the signalfd for the signals that are {@linkplain #blockedSignals blocked}.
	 * @param signals the signals that it accepts
	 * @return the signalfd, to be closed by the caller
	 * @throws ErrnoException if the kernel refuses
	 */
	public abstract SignalFd openSignalFd(Collection<Signal> signals);

	/**
	 * Tells which signals every thread of the process blocks, so that they wait for a
	 * signalfd.
	 * @return whether it is one of them, as it is now
	 */
	public abstract Predicate<Signal> blockedSignals();

	/**
	 * Opens the pidfd of a process.
	 * @param pid the number of the process
	 * @return the pidfd, to be closed by the caller
	 * @throws ErrnoException if the kernel refuses, with {@code ESRCH} if there is no
	 * such process
	 */
	public abstract PidFd openPidFd(long pid);

	/**
	 * Starts a process.
	 * @param spawn what it is to be
	 * @return its pidfd, to be closed by the caller
	 * @throws ErrnoException if the kernel refuses
	 * @throws UnsupportedOperationException if the kernel or the C library cannot do that
	 */
	public abstract ChildFd spawn(Spawn spawn);

	/**
	 * Whether the signals that end the process are read apart from the loops, where they
	 * come by signalfd, as the handler of a loop may not return.
	 */
	boolean hasSignalReader() {
		return false;
	}

	/** Whether a thread can be pinned to CPUs, which are left alone otherwise. */
	boolean pinsThreads() {
		return false;
	}

	/**
	 * Sets how late the kernel may end a wait of the calling thread to wake it together
	 * with others, see {@code PR_SET_TIMERSLACK} in {@code prctl(2)}.
	 * @param nanos the slack in nanoseconds, 1 for the least
	 * @return the slack before, 0 if it was not changed
	 */
	long timerSlack(long nanos) {
		return UNKNOWN_SLACK;
	}

}

package dev.mainloop;

import java.util.Collection;
import java.util.function.Predicate;

import dev.mainloop.fd.ClockId;
import dev.mainloop.fd.EventFd;
import dev.mainloop.fd.Signal;
import dev.mainloop.fd.SignalFd;
import dev.mainloop.fd.TimerFd;
import dev.mainloop.libc.ErrnoException;
import org.jspecify.annotations.Nullable;

/**
 * What a {@link MainLoop} has of the operating system for itself, beside its multiplexer
 * and its clock. A test replaces it to do without Linux.
 */
public interface Platform {

	/** The kernel. */
	Platform LINUX = new LinuxPlatform();

	/**
	 * Tells why the platform is not to be had on this host.
	 * @return the reason, or {@code null} if it is
	 */
	@Nullable String unavailabilityCause();

	/**
	 * Opens the eventfd by which other threads wake the loop.
	 * @return the eventfd with its counter at zero, to be closed by the caller
	 * @throws ErrnoException if the kernel refuses
	 */
	EventFd openEventFd();

	/**
	 * Opens a timerfd that wakes the loop.
	 * @param clock the clock that it follows
	 * @return the timerfd, to be closed by the caller
	 * @throws IllegalStateException if the process lacks the capability that an alarm
	 * clock needs
	 * @throws ErrnoException if the kernel refuses otherwise
	 */
	TimerFd openTimerFd(ClockId clock);

	/**
	 * Opens the signalfd for the signals that are {@linkplain #blockedSignals blocked}.
	 * @param signals the signals that it accepts
	 * @return the signalfd, to be closed by the caller
	 * @throws ErrnoException if the kernel refuses
	 */
	SignalFd openSignalFd(Collection<Signal> signals);

	/**
	 * Tells which signals every thread of the process blocks, so that they wait for a
	 * signalfd.
	 * @return whether it is one of them, as it is now
	 */
	Predicate<Signal> blockedSignals();

}

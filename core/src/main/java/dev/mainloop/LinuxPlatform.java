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
import dev.mainloop.libc.LibC;
import dev.mainloop.libc.Unavailability;
import org.jspecify.annotations.Nullable;

/**
 * The kernel of the host.
 */
final class LinuxPlatform extends Platform {

	@Override
	public @Nullable Unavailability unavailability() {
		return LibC.unavailability();
	}

	@Override
	public EventFd openEventFd() {
		return EventFd.open(0);
	}

	@Override
	public TimerFd openTimerFd(ClockId clock) {
		return TimerFd.open(clock);
	}

	@Override
	public SignalFd openSignalFd(Collection<Signal> signals) {
		return SignalFd.open(signals);
	}

	@Override
	public Predicate<Signal> blockedSignals() {
		return BlockedSignals.read()::contains;
	}

	@Override
	public PidFd openPidFd(long pid) {
		return PidFd.open(pid);
	}

	@Override
	public ChildFd spawn(Spawn spawn) {
		return ChildFd.spawn(spawn);
	}

	@Override
	boolean hasSignalReader() {
		return true;
	}

	@Override
	boolean pinsThreads() {
		return true;
	}

	@Override
	long timerSlack(long nanos) {
		long before = LibC.timerSlack();
		return (before > 0 && LibC.setTimerSlack(nanos) == 0) ? before : UNKNOWN_SLACK;
	}

}

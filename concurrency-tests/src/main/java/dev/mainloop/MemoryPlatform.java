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
import dev.mainloop.libc.Unavailability;
import org.jspecify.annotations.Nullable;

/**
 * A platform that needs no kernel. All loops on it share one timerfd, which does nothing.
 */
final class MemoryPlatform extends Platform {

	static final MemoryPlatform INSTANCE = new MemoryPlatform();

	private final TimerFd timerFd = new MemoryTimerFd();

	private MemoryPlatform() {
	}

	@Override
	public @Nullable Unavailability unavailability() {
		return null;
	}

	@Override
	public EventFd openEventFd() {
		return new MemoryEventFd();
	}

	@Override
	public TimerFd openTimerFd(ClockId clock) {
		return this.timerFd;
	}

	@Override
	public PidFd openPidFd(long pid) {
		throw new UnsupportedOperationException();
	}

	@Override
	public ChildFd spawn(Spawn spawn) {
		throw new UnsupportedOperationException();
	}

	@Override
	public SignalFd openSignalFd(Collection<Signal> signals) {
		throw new UnsupportedOperationException();
	}

	@Override
	public Predicate<Signal> blockedSignals() {
		return (signal) -> false;
	}

}

package dev.mainloop.test;

import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.OptionalInt;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Predicate;

import dev.mainloop.Platform;
import dev.mainloop.fd.ChildFd;
import dev.mainloop.fd.ClockId;
import dev.mainloop.fd.EventFd;
import dev.mainloop.fd.FileDescriptor;
import dev.mainloop.fd.PidFd;
import dev.mainloop.fd.Signal;
import dev.mainloop.fd.SignalFd;
import dev.mainloop.fd.SignalInfo;
import dev.mainloop.fd.Spawn;
import dev.mainloop.fd.TimerFd;
import dev.mainloop.libc.Unavailability;
import org.jspecify.annotations.Nullable;

/**
 * What loops have of the operating system, in memory: time that stands still until it is
 * moved, signals that a test sends, all of them blocked, and an exit that only leaves its
 * code.
 */
final class TestPlatform extends Platform {

	private static final Instant START = Instant.parse("2000-01-01T00:00:00Z");

	private final ManualClocks clocks = new ManualClocks(START);

	private final TestProcesses processes = new TestProcesses();

	private final PendingSignals signals = new PendingSignals();

	private final List<TestMultiplexer> multiplexers = new CopyOnWriteArrayList<>();

	private final List<TestTimerFd> timerFds = new CopyOnWriteArrayList<>();

	private Runnable loop = () -> {
	};

	private OptionalInt exitCode = OptionalInt.empty();

	@Override
	public @Nullable Unavailability unavailability() {
		return null;
	}

	@Override
	public EventFd openEventFd() {
		return new TestEventFd("wake-up");
	}

	@Override
	public TimerFd openTimerFd(ClockId clock) {
		TestTimerFd timerFd = new TestTimerFd(this.clocks, clock);
		this.timerFds.add(timerFd);
		timerFd.onClose(() -> this.timerFds.remove(timerFd));
		return timerFd;
	}

	@Override
	public SignalFd openSignalFd(Collection<Signal> signals) {
		return new TestSignalFd(this.signals, signals);
	}

	@Override
	public PidFd openPidFd(long pid) {
		return this.processes.open(pid);
	}

	@Override
	public ChildFd spawn(Spawn spawn) {
		return this.processes.spawn(spawn);
	}

	@Override
	public Predicate<Signal> blockedSignals() {
		return (signal) -> true;
	}

	/** Opens that of a loop. */
	TestMultiplexer openMultiplexer() {
		TestMultiplexer opened = new TestMultiplexer(this::happened);
		this.multiplexers.add(opened);
		return opened;
	}

	/** Returns the file descriptors that some loop would handle next. */
	List<FileDescriptor> ready() {
		return this.multiplexers.stream().flatMap((multiplexer) -> multiplexer.ready().stream()).toList();
	}

	TestProcesses processes() {
		return this.processes;
	}

	ManualClocks clocks() {
		return this.clocks;
	}

	/**
	 * Sets what runs the loops after the test made something happen to a file descriptor.
	 * @param loop runs the loops
	 */
	void loop(Runnable loop) {
		this.loop = loop;
	}

	private void happened() {
		this.loop.run();
	}

	void send(SignalInfo signal) {
		this.signals.send(signal);
	}

	void setWallClock(Instant time) {
		this.clocks.set(time);
		this.timerFds.forEach(TestTimerFd::wallClockSet);
	}

	/** As the kernel does, cancels timerfds at the end of a suspension, too. */
	void suspend(Duration duration) {
		this.clocks.suspend(duration);
		this.timerFds.forEach(TestTimerFd::wallClockSet);
	}

	/** Returns the time until a timerfd expires next, or else some centuries. */
	Duration untilNextTimer() {
		return Duration.ofNanos(this.timerFds.stream()
			.mapToLong(TestTimerFd::remainingNanos)
			.filter((nanos) -> nanos > 0)
			.min()
			.orElse(Long.MAX_VALUE));
	}

	void exit(int code) {
		this.exitCode = OptionalInt.of(code);
	}

	OptionalInt takeExitCode() {
		OptionalInt taken = this.exitCode;
		this.exitCode = OptionalInt.empty();
		return taken;
	}

}

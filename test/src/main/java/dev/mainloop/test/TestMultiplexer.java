package dev.mainloop.test;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import dev.mainloop.fd.FileDescriptor;
import dev.mainloop.multiplexer.IoMultiplexer;
import dev.mainloop.multiplexer.Readiness;
import dev.mainloop.multiplexer.Trigger;

/**
 * A multiplexer of file descriptors in memory, in the order of their registration. It
 * never waits, as nothing happens unless the test makes it happen.
 */
final class TestMultiplexer implements IoMultiplexer {

	private static final Runnable NOTHING = () -> {
	};

	private final Map<FileDescriptor, Registration> registrations = new LinkedHashMap<>();

	private final List<Event> events = new ArrayList<>();

	private final Runnable loop;

	/**
	 * Creates a multiplexer.
	 * @param loop runs the loop after the test made something happen
	 */
	TestMultiplexer(Runnable loop) {
		this.loop = loop;
	}

	@Override
	public String name() {
		return "memory";
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
	public synchronized void add(FileDescriptor fd, int interest, Trigger trigger, long token) {
		if (!(fd instanceof Pollable pollable)) {
			throw new IllegalArgumentException(("%s is the kernel's, and a main loop in memory cannot wait for it: "
					+ "make it a bean of type FileDescriptor or EventFd, or a TestFileDescriptor or TestEventFd")
				.formatted(fd));
		}
		this.registrations.put(fd, new Registration(pollable, interest, trigger, token));
		pollable.watchedBy(this.loop);
	}

	@Override
	public synchronized void modify(FileDescriptor fd, int interest, Trigger trigger, long token) {
		this.registrations.computeIfPresent(fd,
				(same, registration) -> new Registration(registration.pollable, interest, trigger, token));
	}

	@Override
	public int currentReadiness(FileDescriptor fd, int interest) {
		return fd.isOpen() ? ((Pollable) fd).readiness() & interest : 0;
	}

	@Override
	public synchronized void remove(FileDescriptor fd) {
		Registration removed = this.registrations.remove(fd);
		if (removed != null) {
			removed.pollable.watchedBy(NOTHING);
		}
	}

	@Override
	public synchronized int await(long timeoutNanos) {
		this.events.clear();
		this.registrations.values()
			.stream()
			.filter(Registration::isReady)
			.map(Registration::report)
			.forEach(this.events::add);
		return this.events.size();
	}

	@Override
	public long token(int index) {
		return this.events.get(index).token;
	}

	@Override
	public int readiness(int index) {
		return this.events.get(index).readiness;
	}

	/** Returns the file descriptors that the next wait would report. */
	synchronized List<FileDescriptor> ready() {
		return this.registrations.entrySet()
			.stream()
			.filter((entry) -> entry.getValue().isReady())
			.map(Map.Entry::getKey)
			.toList();
	}

	@Override
	public synchronized void close() {
		this.registrations.clear();
	}

	/**
	 * What a wait reports.
	 *
	 * @param token the token of the registration
	 * @param readiness bits of {@link Readiness}
	 */
	private record Event(long token, int readiness) {

	}

	private static final class Registration {

		private static final int ALWAYS = Readiness.ERROR | Readiness.HANG_UP;

		private final Pollable pollable;

		private final int interest;

		private final Trigger trigger;

		private final long token;

		private boolean armed = true;

		private long reported = -1;

		Registration(Pollable pollable, int interest, Trigger trigger, long token) {
			this.pollable = pollable;
			this.interest = interest;
			this.trigger = trigger;
			this.token = token;
		}

		boolean isReady() {
			boolean due = (this.trigger == Trigger.EDGE) ? this.pollable.changes() != this.reported : this.armed;
			return due && readiness() != 0;
		}

		private int readiness() {
			return this.pollable.readiness() & (this.interest | ALWAYS);
		}

		Event report() {
			this.reported = this.pollable.changes();
			this.armed = this.trigger != Trigger.ONE_SHOT;
			Event event = new Event(this.token, readiness());
			this.pollable.reported(event.readiness);
			return event;
		}

	}

}

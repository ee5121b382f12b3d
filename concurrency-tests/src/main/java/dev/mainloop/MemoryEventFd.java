package dev.mainloop;

import java.util.concurrent.atomic.AtomicInteger;

import dev.mainloop.fd.EventFd;

/**
 * An eventfd in memory, which counts what is written to it.
 */
final class MemoryEventFd extends EventFd {

	private final AtomicInteger writes = new AtomicInteger();

	MemoryEventFd() {
		super("eventfd in memory");
	}

	@Override
	public boolean add(long value) {
		if (value != 0) {
			this.writes.incrementAndGet();
		}
		return true;
	}

	@Override
	public long take() {
		return 0;
	}

	int writes() {
		return this.writes.get();
	}

}

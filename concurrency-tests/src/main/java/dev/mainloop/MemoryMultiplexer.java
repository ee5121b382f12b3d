package dev.mainloop;

import java.util.concurrent.atomic.AtomicInteger;

import dev.mainloop.fd.FileDescriptor;
import dev.mainloop.multiplexer.IoMultiplexer;
import dev.mainloop.multiplexer.Trigger;

/**
 * A multiplexer that never waits and reports nothing. It keeps the last token that it was
 * given, and counts how often it was closed.
 */
final class MemoryMultiplexer implements IoMultiplexer {

	private final AtomicInteger closings = new AtomicInteger();

	private long lastToken;

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
	public void add(FileDescriptor fd, int interest, Trigger trigger, long token) {
		this.lastToken = token;
	}

	@Override
	public void modify(FileDescriptor fd, int interest, Trigger trigger, long token) {
	}

	@Override
	public int currentReadiness(FileDescriptor fd, int interest) {
		return 0;
	}

	@Override
	public void remove(FileDescriptor fd) {
	}

	@Override
	public int await(long timeoutNanos) {
		return 0;
	}

	@Override
	public long token(int index) {
		throw new IndexOutOfBoundsException(index);
	}

	@Override
	public int readiness(int index) {
		throw new IndexOutOfBoundsException(index);
	}

	@Override
	public void close() {
		this.closings.incrementAndGet();
	}

	long lastToken() {
		return this.lastToken;
	}

	int closings() {
		return this.closings.get();
	}

}

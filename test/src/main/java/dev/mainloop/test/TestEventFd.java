package dev.mainloop.test;

import dev.mainloop.fd.EventFd;
import dev.mainloop.multiplexer.Readiness;

/**
 * An {@link EventFd} in memory. What a test {@linkplain #receive receives} is handled
 * when the call returns, as by {@link TestFileDescriptor}; what is {@linkplain #add
 * added} when the loop runs next.
 */
public final class TestEventFd extends EventFd implements Pollable {

	private static final long MAXIMUM = -2;

	private final boolean semaphore;

	private long counter;

	private long changes;

	private volatile Runnable loop = () -> {
	};

	/**
	 * Creates an eventfd of which each {@link #take()} takes the whole counter, which is
	 * 0.
	 * @param description what log lines call it
	 */
	public TestEventFd(String description) {
		this(description, false);
	}

	private TestEventFd(String description, boolean semaphore) {
		super(description);
		this.semaphore = semaphore;
	}

	/**
	 * Creates an eventfd of which each {@link #take()} takes one.
	 * @param description what log lines call it
	 * @return the eventfd with its counter at 0
	 */
	public static TestEventFd semaphore(String description) {
		return new TestEventFd(description, true);
	}

	/**
	 * Adds to the counter as the other end does, and lets the loop run.
	 * @param count how much to add, from 0 to 2<sup>63</sup>-1
	 * @throws IllegalStateException if the counter would pass its maximum
	 */
	public void receive(long count) {
		if (!add(count)) {
			throw new IllegalStateException("The counter of %s cannot take %d more".formatted(this, count));
		}
		this.loop.run();
	}

	@Override
	public synchronized boolean add(long value) {
		if (value < 0) {
			throw new IllegalArgumentException("'value' must not be negative but is " + value);
		}
		requireOpen();
		if (Long.compareUnsigned(value, MAXIMUM - this.counter) > 0) {
			return false;
		}
		this.counter += value;
		this.changes++;
		return true;
	}

	@Override
	public synchronized long take() {
		requireOpen();
		long taken = (this.semaphore && this.counter != 0) ? 1 : this.counter;
		this.counter -= taken;
		if (taken != 0) {
			transferred();
		}
		return taken;
	}

	@Override
	public synchronized int readiness() {
		int readable = (this.counter != 0) ? Readiness.READABLE : 0;
		return (this.counter != MAXIMUM) ? readable | Readiness.WRITABLE : readable;
	}

	@Override
	public synchronized long changes() {
		return this.changes;
	}

	@Override
	public void watchedBy(Runnable loop) {
		this.loop = loop;
	}

}

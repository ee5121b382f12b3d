package dev.mainloop.kernel;

import dev.mainloop.multiplexer.IoMultiplexer;

/**
 * Counts the waits of a loop.
 */
public final class CountingMultiplexer extends DelegatingMultiplexer {

	private volatile int waits;

	/**
	 * Creates a multiplexer.
	 * @param delegate what does the work, and is closed with this
	 */
	public CountingMultiplexer(IoMultiplexer delegate) {
		super(delegate);
	}

	@Override
	public int await(long timeoutNanos) {
		this.waits = this.waits + 1;
		return super.await(timeoutNanos);
	}

	/**
	 * Returns how many waits have begun.
	 * @return the number
	 */
	public int waits() {
		return this.waits;
	}

}

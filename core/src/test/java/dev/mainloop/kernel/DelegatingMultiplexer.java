package dev.mainloop.kernel;

import dev.mainloop.fd.FileDescriptor;
import dev.mainloop.multiplexer.IoMultiplexer;
import dev.mainloop.multiplexer.Trigger;

/**
 * Passes all on to another multiplexer, but for what a test replaces.
 */
public class DelegatingMultiplexer implements IoMultiplexer {

	private final IoMultiplexer delegate;

	/**
	 * Creates a multiplexer.
	 * @param delegate what does the work, and is closed with this
	 */
	public DelegatingMultiplexer(IoMultiplexer delegate) {
		this.delegate = delegate;
	}

	@Override
	public String name() {
		return this.delegate.name();
	}

	@Override
	public boolean supports(Trigger trigger) {
		return this.delegate.supports(trigger);
	}

	@Override
	public void requireSupported(int interest) {
		this.delegate.requireSupported(interest);
	}

	@Override
	public boolean isExact() {
		return this.delegate.isExact();
	}

	@Override
	public boolean isConcurrent() {
		return this.delegate.isConcurrent();
	}

	@Override
	public void add(FileDescriptor fd, int interest, Trigger trigger, long token) {
		this.delegate.add(fd, interest, trigger, token);
	}

	@Override
	public void modify(FileDescriptor fd, int interest, Trigger trigger, long token) {
		this.delegate.modify(fd, interest, trigger, token);
	}

	@Override
	public int currentReadiness(FileDescriptor fd, int interest) {
		return this.delegate.currentReadiness(fd, interest);
	}

	@Override
	public boolean reset() {
		return this.delegate.reset();
	}

	@Override
	public void remove(FileDescriptor fd) {
		this.delegate.remove(fd);
	}

	@Override
	public int await(long timeoutNanos) {
		return this.delegate.await(timeoutNanos);
	}

	@Override
	public long token(int index) {
		return this.delegate.token(index);
	}

	@Override
	public int readiness(int index) {
		return this.delegate.readiness(index);
	}

	@Override
	public void close() {
		this.delegate.close();
	}

}

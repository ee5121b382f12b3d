package dev.mainloop;

import dev.mainloop.fd.FileDescriptor;
import dev.mainloop.multiplexer.Readiness;
import dev.mainloop.multiplexer.Trigger;

/**
 * The readiness of a file descriptor. The file descriptor stays its owner's: closing the
 * source leaves it open, and closing it closes the source.
 */
public final class DescriptorSource extends EventSource {

	private final FileDescriptor fd;

	private final Trigger trigger;

	private final ReadinessHandler handler;

	private final Runnable closeWithDescriptor = this::close;

	private volatile int interest;

	DescriptorSource(MainLoop loop, String description, FileDescriptor fd, int interest, Trigger trigger,
			ReadinessHandler handler) {
		super(loop, description);
		this.fd = fd;
		this.interest = interest;
		this.trigger = trigger;
		this.handler = handler;
	}

	/**
	 * Returns the file descriptor.
	 * @return the file descriptor
	 */
	public FileDescriptor fd() {
		return this.fd;
	}

	/**
	 * Returns what it waits for.
	 * @return bits of {@link Readiness}
	 */
	public int interest() {
		return this.interest;
	}

	/**
	 * Changes what it waits for.
	 * @param interest bits of {@link Readiness}
	 */
	public synchronized void interest(int interest) {
		if (this.interest != interest) {
			this.interest = interest;
			if (isEnabled()) {
				loop().descriptors().modify(this);
			}
		}
	}

	Trigger trigger() {
		return this.trigger;
	}

	synchronized void open() {
		this.fd.onClose(this.closeWithDescriptor);
		try {
			loop().descriptors().add(this);
		}
		catch (RuntimeException ex) {
			this.fd.removeOnClose(this.closeWithDescriptor);
			throw ex;
		}
	}

	void dispatch(int readiness) {
		if (this.trigger == Trigger.ONE_SHOT) {
			disarm();
		}
		try {
			this.handler.ready(this.fd, Readiness.of(readiness));
		}
		catch (Throwable ex) {
			loop().report(this, ex);
		}
	}

	@Override
	void paused() {
		loop().descriptors().remove(this);
	}

	@Override
	void resumed() {
		loop().descriptors().add(this);
	}

	@Override
	void closed() {
		loop().descriptors().remove(this);
		this.fd.removeOnClose(this.closeWithDescriptor);
	}

}

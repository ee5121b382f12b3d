package dev.mainloop;

import dev.mainloop.fd.FileDescriptor;
import dev.mainloop.libc.ErrnoException;
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

	private final boolean own;

	private final Runnable closeWithDescriptor = this::close;

	private volatile int interest;

	DescriptorSource(MainLoop loop, String description, FileDescriptor fd, int interest, Trigger trigger,
			ReadinessHandler handler) {
		this(loop, description, fd, interest, trigger, handler, false);
	}

	private DescriptorSource(MainLoop loop, String description, FileDescriptor fd, int interest, Trigger trigger,
			ReadinessHandler handler, boolean own) {
		super(loop, description);
		this.own = own;
		this.fd = fd;
		this.interest = interest;
		this.trigger = trigger;
		this.handler = handler;
	}

	/**
	 * Makes the source of a file descriptor by which the loop itself works.
	 */
	static DescriptorSource own(MainLoop loop, String description, FileDescriptor fd, Trigger trigger,
			ReadinessHandler handler) {
		return new DescriptorSource(loop, description, fd, Readiness.READABLE, trigger, handler, true);
	}

	boolean isOwn() {
		return this.own;
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
	 * @throws UnsupportedOperationException if the multiplexer cannot wait for it
	 * @throws ErrnoException if the kernel refuses
	 */
	public synchronized void interest(int interest) {
		int before = this.interest;
		if (before != interest) {
			this.interest = interest;
			try {
				modified();
			}
			catch (RuntimeException ex) {
				this.interest = before;
				throw ex;
			}
		}
	}

	private void modified() {
		if (isEnabled()) {
			loop().descriptors().modify(this);
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

	void dispatch(int bits) {
		if (this.trigger == Trigger.ONE_SHOT) {
			disarm();
		}
		Readiness readiness = Readiness.of(bits);
		try {
			this.handler.ready(this.fd, readiness);
			succeeded();
		}
		catch (Throwable ex) {
			if (this.own) {
				loop().fail(ex);
			}
			else {
				loop().errors().happened(this, readiness, ex);
			}
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

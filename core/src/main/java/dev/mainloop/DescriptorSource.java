package dev.mainloop;

import java.util.Objects;

import dev.mainloop.fd.FileDescriptor;
import dev.mainloop.libc.ErrnoException;
import dev.mainloop.multiplexer.Readiness;
import dev.mainloop.multiplexer.Trigger;

/**
 * The readiness of a file descriptor. The file descriptor stays its owner's: closing the
 * source leaves it open, and closing it closes the source.
 */
public final class DescriptorSource extends EventSource {

	private final Loop loop;

	private final Descriptors descriptors;

	private final FileDescriptor fd;

	private final Trigger trigger;

	private final ReadinessHandler handler;

	private final Watcher seat = new Seat();

	private final Runnable closeWithDescriptor = this::close;

	private volatile int interest;

	DescriptorSource(Loop loop, Descriptors descriptors, String description, FileDescriptor fd, int interest,
			Trigger trigger, ReadinessHandler handler) {
		super(description);
		this.loop = loop;
		this.descriptors = descriptors;
		this.fd = Objects.requireNonNull(fd, "'fd' must not be null");
		this.interest = interest;
		this.trigger = Objects.requireNonNull(trigger, "'trigger' must not be null");
		this.handler = Objects.requireNonNull(handler, "'handler' must not be null");
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
	 * Changes what it waits for. While that is nothing, its handler is not called, not
	 * even for an error or a hang-up.
	 * @param interest bits of {@link Readiness}, 0 for nothing
	 * @throws IllegalArgumentException if it cannot be watched, as it is a regular file
	 * or its number is watched already
	 * @throws UnsupportedOperationException if the multiplexer cannot wait for it
	 * @throws ErrnoException if the kernel refuses
	 */
	public synchronized void interest(int interest) {
		int before = this.interest;
		if (before == interest) {
			return;
		}
		boolean done = false;
		this.interest = interest;
		try {
			if (isEnabled()) {
				this.descriptors.modify(this.seat);
			}
			done = true;
		}
		finally {
			if (!done) {
				this.interest = before;
			}
		}
	}

	synchronized void open() {
		boolean done = false;
		this.fd.onClose(this.closeWithDescriptor);
		try {
			this.descriptors.add(this.seat);
			done = true;
		}
		finally {
			if (!done) {
				this.fd.removeOnClose(this.closeWithDescriptor);
			}
		}
	}

	@Override
	Loop loop() {
		return this.loop;
	}

	@Override
	void handle(Object event) throws Exception {
		this.handler.ready(this.fd, (Readiness) event);
	}

	@Override
	int failed() {
		int failures = super.failed();
		if (failures == 1) {
			verify();
		}
		return failures;
	}

	private void verify() {
		try {
			this.descriptors.verify(this.seat);
		}
		catch (Throwable ex) {
			// What the handler has thrown is told all the same.
		}
	}

	@Override
	void paused() {
		this.descriptors.remove(this.seat);
	}

	@Override
	void resumed() {
		this.descriptors.add(this.seat);
	}

	@Override
	void closed() {
		this.descriptors.remove(this.seat);
		this.fd.removeOnClose(this.closeWithDescriptor);
	}

	/** Its place in the table of the loop. */
	private final class Seat implements Watcher {

		@Override
		public FileDescriptor fd() {
			return DescriptorSource.this.fd;
		}

		@Override
		public int interest() {
			return DescriptorSource.this.interest;
		}

		@Override
		public Trigger trigger() {
			return DescriptorSource.this.trigger;
		}

		@Override
		public void ready(int readiness) {
			if (!isEnabled() || loop().isOver()) {
				return;
			}
			if (DescriptorSource.this.trigger == Trigger.ONE_SHOT) {
				disarm();
			}
			loop().dispatch(DescriptorSource.this, Readiness.of(readiness));
		}

		@Override
		public boolean isSource() {
			return true;
		}

		@Override
		public void close() {
			DescriptorSource.this.close();
		}

		@Override
		public String toString() {
			return description();
		}

	}

}

package dev.mainloop;

import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.TimeUnit;

import dev.mainloop.fd.FileDescriptor;
import dev.mainloop.libc.ErrnoException;
import dev.mainloop.log.LogKeys;
import dev.mainloop.multiplexer.Readiness;
import dev.mainloop.multiplexer.Trigger;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The readiness of a file descriptor. The file descriptor stays its owner's: closing the
 * source leaves it open, and closing it closes the source.
 */
public final class DescriptorSource extends EventSource {

	/** How long a handler that spins is not called, if it is slowed down. */
	static final Duration REST = Duration.ofMillis(100);

	private static final Logger logger = LoggerFactory.getLogger(DescriptorSource.class);

	private final Loop loop;

	private final Descriptors descriptors;

	private final FileDescriptor fd;

	private final Trigger trigger;

	private final ReadinessHandler handler;

	private final Watcher seat = new Seat();

	private final Runnable closeWithDescriptor = this::close;

	private final Timers timers;

	private final SpinPolicy spinPolicy;

	private final SpinCounter spinCounter;

	/** Whether the log has said that the handler spins; owned by the loop's thread. */
	private boolean named;

	/** The end of the rest of a handler that spins, once there was one. */
	private @Nullable Rest rest;

	private final SourceStatistics statistics = SourceStatistics.ofSingle();

	private volatile int interest;

	DescriptorSource(Loop loop, Descriptors descriptors, Timers timers, SpinPolicy spinPolicy, String description,
			FileDescriptor fd, int interest, Trigger trigger, ReadinessHandler handler) {
		super(description);
		this.timers = timers;
		this.spinPolicy = spinPolicy;
		this.spinCounter = new SpinCounter(timers);
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
	public Kind kind() {
		return Kind.DESCRIPTOR;
	}

	@Override
	public SourceStatistics statistics() {
		return this.statistics;
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
		this.loop.unlist(this);
		this.descriptors.remove(this.seat);
		this.fd.removeOnClose(this.closeWithDescriptor);
	}

	/**
	 * Names a handler that spins, and slows it down, unless it has stopped by itself. If
	 * that fails for want of memory, its next call is another occasion.
	 */
	private void spinning(int readiness) {
		boolean slow = this.spinPolicy == SpinPolicy.SLOW && this.spinCounter.isIdle(this.fd.transfers());
		if (this.named && !slow) {
			return;
		}
		try {
			if (isEnabled() && this.descriptors.verify(this.seat)) {
				if (!this.named) {
					logger.atWarn()
						.addKeyValue(LogKeys.LOOP, loop().name().name())
						.addKeyValue(LogKeys.SOURCE, toString())
						.log(spinningMessage(readiness));
					this.named = true;
				}
				if (slow) {
					rest();
				}
			}
		}
		catch (Throwable ex) {
			// It goes on as before.
		}
	}

	private String spinningMessage(int readiness) {
		return ("%s spins and keeps a core busy: it was called %d times in %d ms, by each wait of the loop, while "
				+ "nothing was read or written through %s, which is %s. %s")
			.formatted(quoted(), this.spinCounter.calls(), TimeUnit.NANOSECONDS.toMillis(this.spinCounter.elapsed()),
					this.fd, Readiness.of(readiness), remedy(Readiness.of(readiness)));
	}

	private static String remedy(Readiness readiness) {
		if (readiness.isHangUp() || readiness.isError()) {
			return "Close it or its DescriptorSource at the end of the file and after an error.";
		}
		if (readiness.isWritable()) {
			return "Pause its DescriptorSource while there is nothing to write, and resume it when there is.";
		}
		return "Read it until read() returns 0, and close it or its DescriptorSource at -1. Where other code reads "
				+ "it, call FileDescriptor.transferred().";
	}

	private void rest() {
		Rest rest = this.rest;
		if (rest == null) {
			rest = new Rest();
			this.rest = rest;
		}
		rest.begin();
		this.descriptors.remove(this.seat);
	}

	private synchronized void endRest() {
		if (isEnabled()) {
			this.descriptors.add(this.seat);
		}
	}

	/** The end of the time for which a handler that spins is not called. */
	private final class Rest extends Deadline {

		Rest() {
			super("rest of " + DescriptorSource.this.description());
		}

		void begin() {
			if (!isPlaced()) {
				Deadlines deadlines = DescriptorSource.this.timers.deadlines();
				this.order = deadlines.nextOrder();
				deadlines.add(this, DescriptorSource.this.timers.now() + REST.toNanos());
			}
		}

		@Override
		void expired(long now) {
			DescriptorSource.this.timers.deadlines().remove(this);
			loop().dispatch(this, this);
		}

		@Override
		public SourceStatistics statistics() {
			return DescriptorSource.this.timers.oneShotStatistics();
		}

		@Override
		void handle(Object event) {
			endRest();
		}

		@Override
		Loop loop() {
			return DescriptorSource.this.loop;
		}

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
			boolean spinning = isSpinning();
			loop().dispatchSuccessive(DescriptorSource.this, Readiness.of(readiness));
			if (spinning) {
				spinning(readiness);
				loop().endSuccession();
			}
		}

		private boolean isSpinning() {
			DescriptorSource source = DescriptorSource.this;
			return source.trigger == Trigger.LEVEL
					&& source.spinCounter.isSpinning(source.descriptors.waits(), source.fd.transfers());
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
			return DescriptorSource.this.toString();
		}

	}

}

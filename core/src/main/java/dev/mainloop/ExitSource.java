package dev.mainloop;

import java.time.Duration;
import java.util.Objects;

import dev.mainloop.fd.ExitStatus;
import dev.mainloop.fd.FileDescriptor;
import dev.mainloop.multiplexer.Readiness;
import dev.mainloop.multiplexer.Trigger;
import org.jspecify.annotations.Nullable;

/**
 * The end of a process, which is told once. It closes with that.
 */
public final class ExitSource extends EventSource {

	/** Who takes the status mostly does so at once. */
	private static final Duration FIRST_PAUSE = Duration.ofMillis(1);

	private static final Duration LONGEST_PAUSE = Duration.ofMillis(64);

	private final Loop loop;

	private final Descriptors descriptors;

	private final Timers timers;

	private final ProcessEnd end;

	private final ExitHandler handler;

	private final SourceStatistics statistics = SourceStatistics.ofSingle();

	private final Watcher seat = new Seat();

	private final Runnable closeWithDescriptor = this::close;

	private volatile boolean asksLater;

	/**
	 * How long to wait until the status is asked for again; owned by the loop's thread.
	 */
	private Duration pause = FIRST_PAUSE;

	private @Nullable ExitStatus status;

	ExitSource(Loop loop, Descriptors descriptors, Timers timers, String description, ProcessEnd end,
			ExitHandler handler) {
		super(description);
		this.loop = loop;
		this.descriptors = descriptors;
		this.timers = timers;
		this.end = end;
		this.handler = Objects.requireNonNull(handler, "'handler' must not be null");
	}

	synchronized void open() {
		this.end.fd().onClose(this.closeWithDescriptor);
		this.descriptors.add(this.seat);
	}

	@Override
	public Kind kind() {
		return Kind.PROCESS;
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
		ExitStatus known = this.end.status().get();
		if (known == null && (this.end.certain() || this.pause.compareTo(LONGEST_PAUSE) <= 0)) {
			askLater();
			return;
		}
		this.status = (known != null) ? known : ExitStatus.UNKNOWN;
		try {
			this.handler.exited(this.status);
		}
		finally {
			close();
		}
	}

	/** Asks again later, as the parent of the process is about to take the status. */
	private void askLater() {
		this.asksLater = true;
		this.descriptors.modify(this.seat);
		Timer.after(this.timers, "status of " + description(), this.pause, (timer) -> askAgain());
		this.pause = (this.pause.compareTo(LONGEST_PAUSE) < 0 || !this.end.certain()) ? this.pause.multipliedBy(2)
				: LONGEST_PAUSE;
	}

	private synchronized void askAgain() {
		this.asksLater = false;
		if (isEnabled()) {
			this.descriptors.modify(this.seat);
		}
	}

	@Override
	Object event(Object event) {
		return (this.status != null) ? this.status : event;
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
		this.end.fd().removeOnClose(this.closeWithDescriptor);
		this.end.fd().close();
	}

	/** Its place in the table of the loop. */
	private final class Seat implements Watcher {

		@Override
		public FileDescriptor fd() {
			return ExitSource.this.end.fd();
		}

		@Override
		public int interest() {
			return ExitSource.this.asksLater ? 0 : Readiness.READABLE;
		}

		@Override
		public Trigger trigger() {
			return Trigger.LEVEL;
		}

		@Override
		public void ready(int readiness) {
			if (isEnabled() && !loop().isOver()) {
				loop().dispatch(ExitSource.this, Readiness.of(readiness));
			}
		}

		@Override
		public boolean isSource() {
			return true;
		}

		@Override
		public void close() {
			ExitSource.this.close();
		}

		@Override
		public String toString() {
			return ExitSource.this.toString();
		}

	}

}

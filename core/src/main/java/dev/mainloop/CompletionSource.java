package dev.mainloop;

import java.util.Objects;

import org.jspecify.annotations.Nullable;

/**
 * The operations that a {@link CompletionPort} carries out, each of which ends as an
 * event. While it is paused none is told of, and those that have ended wait. With it, the
 * port is closed.
 */
public final class CompletionSource extends EventSource {

	private final Loop loop;

	private final Completions completions;

	private final CompletionPort port;

	private final SourceStatistics statistics = SourceStatistics.ofSingle();

	/** What other threads have completed. */
	private final Inbox arrivals = new Inbox();

	/** What was taken of that, owned by the loop's thread. */
	private @Nullable Link first;

	private boolean released;

	CompletionSource(Loop loop, Completions completions, String description, CompletionPort port) {
		super(description);
		this.loop = loop;
		this.completions = completions;
		this.port = Objects.requireNonNull(port, "'port' must not be null");
	}

	/** Adds what another thread has completed; may be called by any thread. */
	void completed(Completion completion) {
		this.arrivals.add(completion);
		this.loop.wakeUp();
	}

	CompletionPort port() {
		return this.port;
	}

	/** Whether there is something to tell, asked on the loop's thread. */
	boolean hasCompletion() {
		return isEnabled() && (this.first != null || !this.arrivals.isEmpty() || this.port.hasCompletion());
	}

	/** Whether there is something to tell, or will be, asked on the loop's thread. */
	boolean isPending() {
		return hasCompletion() || (isEnabled() && this.port.isPending());
	}

	/**
	 * Takes the next operation that has ended, on the loop's thread.
	 * @return the operation, or {@code null} if there is none
	 */
	@Nullable Completion next() {
		if (this.first == null) {
			this.first = this.arrivals.takeAll();
		}
		Link taken = this.first;
		if (taken == null) {
			return this.port.next();
		}
		this.first = taken.next;
		taken.next = null;
		taken.release();
		return (Completion) taken;
	}

	/** Closes the port, once. */
	void closePort() {
		if (!this.released) {
			this.released = true;
			this.port.close();
		}
	}

	@Override
	public Kind kind() {
		return Kind.COMPLETION;
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
		((Completion) event).completed();
	}

	@Override
	void paused() {
	}

	@Override
	void resumed() {
		this.loop.wakeUp();
	}

	@Override
	void closed() {
		this.loop.unlist(this);
		this.loop.settle(this);
	}

	@Override
	void settle() {
		if (isTakenOff()) {
			this.completions.remove(this);
		}
	}

}

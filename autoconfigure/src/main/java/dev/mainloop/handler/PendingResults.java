package dev.mainloop.handler;

import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.function.Consumer;

import dev.mainloop.Completion;
import dev.mainloop.CompletionPort;
import dev.mainloop.CompletionSource;
import dev.mainloop.MainLoop;
import dev.mainloop.fd.EventFd;
import dev.mainloop.log.LogKeys;
import dev.mainloop.log.LogText;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What a handler method has returned and is not there yet: futures, and the publishers of
 * values. Each arrival is an event on the loop of the method. A stop of the loop does not
 * wait for what has not arrived. Belongs to the loop's thread, unless a method says
 * otherwise.
 */
final class PendingResults implements CompletionPort {

	private static final Logger logger = LoggerFactory.getLogger(PendingResults.class);

	private final HandlerMethod method;

	private final MainLoop loop;

	private final OutgoingMessages outgoing;

	/** Those that are awaited, or have arrived and not been handled. */
	private final Set<PendingResult> pending = ConcurrentHashMap.newKeySet();

	/** Whether nothing is awaited any more, as the application ends. */
	private volatile boolean ended;

	/** Takes arrivals, {@code null} while it is not open. */
	private volatile @Nullable Consumer<Completion> arrivals;

	private @Nullable CompletionSource source;

	/**
	 * Creates the results of a method.
	 * @param method the method
	 * @param loop its loop
	 * @param outgoing knows the context of a call
	 */
	PendingResults(HandlerMethod method, MainLoop loop, OutgoingMessages outgoing) {
		this.method = method;
		this.loop = loop;
		this.outgoing = outgoing;
	}

	Placement place() {
		return this.method.place();
	}

	/** Returns what the call that runs has as its context, {@code null} for nothing. */
	SenderContext.@Nullable Snapshot capture() {
		return this.outgoing.capture();
	}

	/** Opens the event source of what arrives, unless it is open. */
	void open() {
		if (this.source == null || this.source.state() == CompletionSource.State.CLOSED) {
			this.source = this.loop.completions(toString(), this);
		}
	}

	void add(PendingResult result) {
		this.pending.add(result);
		if (this.ended && result.cancel()) {
			logger.debug("What '%s' has returned is cancelled, as the application ends".formatted(this));
		}
	}

	/** Removes what has arrived, or is cancelled; may be called by any thread. */
	void remove(PendingResult result) {
		this.pending.remove(result);
	}

	/** Has the loop handle what has arrived; may be called by any thread. */
	void arrived(PendingResult result) {
		Consumer<Completion> known = this.arrivals;
		if (known != null) {
			known.accept(result);
		}
	}

	/**
	 * Throws what a method has failed with later, or has a publisher fail with.
	 * @param thrown what it has failed with
	 * @throws Exception the same, or an exception with it as its cause
	 */
	void rethrow(Throwable thrown) throws Exception {
		if (thrown instanceof Exception ex) {
			throw ex;
		}
		if (thrown instanceof Error ex) {
			throw ex;
		}
		throw new ExecutionException(thrown);
	}

	/** Has what is returned from now on awaited; may be called by any thread. */
	void begin() {
		this.ended = false;
	}

	/** Cancels all that has not arrived; may be called by any thread. */
	void end() {
		this.ended = true;
		int cancelled = 0;
		for (PendingResult result : this.pending) {
			cancelled += result.cancel() ? 1 : 0;
		}
		if (cancelled > 0) {
			logger.atInfo()
				.addKeyValue(LogKeys.LOOP, place().loop())
				.addKeyValue(LogKeys.HANDLER, LogText.of(toString()))
				.log("The handler '%s' has returned %d futures or publishers that have not completed and are cancelled, as the application ends"
					.formatted(LogText.of(toString()), cancelled));
		}
	}

	@Override
	public void open(Consumer<Completion> completed, EventFd wakeUp) {
		this.arrivals = completed;
	}

	/** Whether there will be room for what has arrived, before the queue ends. */
	@Override
	public boolean isPending() {
		for (PendingResult result : this.pending) {
			if (result.isRoomExpected()) {
				return true;
			}
		}
		return false;
	}

	/** Cancels what is awaited, as its loop or its event source is closed. */
	@Override
	public void close() {
		this.arrivals = null;
		end();
		this.pending.clear();
		this.ended = false;
	}

	@Override
	public String toString() {
		return this.method.name();
	}

}

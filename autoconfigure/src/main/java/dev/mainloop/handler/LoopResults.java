package dev.mainloop.handler;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;

/**
 * What handler methods have returned and is not there yet, and the requests that have no
 * reply yet, of all loops. May be used by any thread.
 */
final class LoopResults {

	private final MainLoops loops;

	private final OutgoingMessages outgoing;

	private final List<PendingResults> pending = new CopyOnWriteArrayList<>();

	private final Map<Placement, Requests> requests = new ConcurrentHashMap<>();

	private final Duration requestTimeout;

	/**
	 * Creates the results of an application.
	 * @param loops its loops
	 * @param outgoing knows the context of a call
	 * @param requestTimeout how long a request waits that does not say
	 */
	LoopResults(MainLoops loops, OutgoingMessages outgoing, Duration requestTimeout) {
		this.loops = loops;
		this.outgoing = outgoing;
		this.requestTimeout = requestTimeout;
		loops.forEach((place, loop) -> this.requests.put(place, new Requests(loop)));
	}

	/** Returns how long a request waits that does not say. */
	Duration requestTimeout() {
		return this.requestTimeout;
	}

	/** Returns the requests of a loop. */
	Requests requests(Placement place) {
		return Objects.requireNonNull(this.requests.get(place));
	}

	/**
	 * Begins a request, before its message is sent. It ends on the loop whose handler is
	 * the caller, or else on that which handles the message.
	 * @param <R> the type of the reply
	 * @param queue what errors call the queue
	 * @param message the message
	 * @param replyType the type of the reply
	 * @param timeout how long to wait for it
	 * @param handling the requests of the loop that handles the message
	 * @return the request
	 */
	<R> Request<R> request(String queue, Object message, Class<R> replyType, Duration timeout, Requests handling) {
		for (Requests some : this.requests.values()) {
			if (some.loop().isLoopThread()) {
				return Request.begin(queue, message, replyType, timeout, some, handling);
			}
		}
		return Request.begin(queue, message, replyType, timeout, handling, handling);
	}

	/** Makes the results of a method. */
	PendingResults pending(HandlerMethod method) {
		PendingResults made = new PendingResults(method, this.loops.get(method.place()), this.outgoing);
		this.pending.add(made);
		return made;
	}

	/** Has what methods on a loop return awaited, as it is about to start. */
	void begin(Placement place) {
		forEach(place, PendingResults::begin);
	}

	/** Cancels what methods on a loop have returned, as it is about to stop. */
	void end(Placement place) {
		forEach(place, PendingResults::end);
	}

	/** Cancels the requests of a loop that have no reply, as it has stopped. */
	void stopped(Placement place) {
		requests(place).cancel();
	}

	private void forEach(Placement place, Consumer<PendingResults> action) {
		for (PendingResults some : this.pending) {
			if (some.place().equals(place)) {
				action.accept(some);
			}
		}
	}

}

package dev.mainloop.handler;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;

/**
 * What handler methods have returned and is not there yet, of all loops. May be used by
 * any thread.
 */
final class LoopResults {

	private final MainLoops loops;

	private final OutgoingMessages outgoing;

	private final List<PendingResults> pending = new CopyOnWriteArrayList<>();

	LoopResults(MainLoops loops, OutgoingMessages outgoing) {
		this.loops = loops;
		this.outgoing = outgoing;
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

	private void forEach(Placement place, Consumer<PendingResults> action) {
		for (PendingResults some : this.pending) {
			if (some.place().equals(place)) {
				action.accept(some);
			}
		}
	}

}

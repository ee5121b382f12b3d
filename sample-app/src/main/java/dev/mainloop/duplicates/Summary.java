package dev.mainloop.duplicates;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;

import dev.mainloop.MainLoop;
import dev.mainloop.annotation.EventHandler;
import dev.mainloop.annotation.OnMessage;

import org.springframework.beans.factory.annotation.Qualifier;

/**
 * Gathers on the main loop what the others have found.
 */
@EventHandler
class Summary {

	private final int expected;

	private final List<Findings> findings = new ArrayList<>();

	private final CompletableFuture<List<Findings>> whole = new CompletableFuture<>();

	Summary(@Qualifier("workers") List<MainLoop> workers) {
		this.expected = workers.size();
	}

	@OnMessage
	void add(Findings some) {
		this.findings.add(some);
		if (this.findings.size() == this.expected) {
			this.whole.complete(this.findings);
		}
	}

	/** Returns what is completed when all have told. May be called by any thread. */
	CompletableFuture<List<Findings>> whole() {
		return this.whole;
	}

}

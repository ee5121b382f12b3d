package dev.mainloop.pulse;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;

import dev.mainloop.annotation.EventHandler;
import dev.mainloop.annotation.OnMessage;
import dev.mainloop.annotation.OnSignal;

/**
 * Keeps the samples of the last five minutes. Its methods are called one after another,
 * so that a plain collection will do. Others get a copy.
 */
@EventHandler
class SampleHistory {

	private static final Duration KEPT = Duration.ofMinutes(5);

	private final Deque<Sample> samples = new ArrayDeque<>();

	private final Job writing;

	SampleHistory(SnapshotFile snapshotFile) {
		this.writing = new Job(() -> snapshotFile.write(List.copyOf(this.samples)));
	}

	@OnMessage
	void add(Sample sample) {
		Instant oldest = sample.time().minus(KEPT);
		while (!this.samples.isEmpty() && !this.samples.getFirst().time().isAfter(oldest)) {
			this.samples.removeFirst();
		}
		this.samples.addLast(sample);
	}

	@OnMessage
	void answer(SamplesQuery query) {
		query.answer().complete(List.copyOf(this.samples));
	}

	@OnMessage
	void snapshot(Command.TakeSnapshot command) {
		snapshot();
	}

	@OnSignal("SIGUSR1")
	void snapshot() {
		this.writing.request();
	}

}

package dev.mainloop.pulse;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;

import dev.mainloop.EventQueue;
import dev.mainloop.annotation.EventHandler;
import dev.mainloop.annotation.OnMessage;
import dev.mainloop.annotation.OnSignal;

import org.springframework.core.task.TaskExecutor;

/**
 * Keeps the samples of the last five minutes. Its methods are called one after another,
 * so that a plain collection will do. Others get a copy.
 */
@EventHandler
class SampleHistory {

	private static final Duration KEPT = Duration.ofMinutes(5);

	private final Deque<Sample> samples = new ArrayDeque<>();

	private final SnapshotFile snapshotFile;

	private final Job<SnapshotWritten> writing;

	SampleHistory(SnapshotFile snapshotFile, TaskExecutor worker, EventQueue<SnapshotWritten> written) {
		this.snapshotFile = snapshotFile;
		this.writing = new Job<>(worker, written);
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

	/**
	 * Leaves the writing to another thread, as a disk may be slow and a handler must not
	 * wait for it.
	 */
	@OnSignal("SIGUSR1")
	void snapshot() {
		if (!this.writing.isToWait()) {
			List<Sample> copy = List.copyOf(this.samples);
			this.writing.start(() -> {
				this.snapshotFile.write(copy);
				return new SnapshotWritten();
			});
		}
	}

	@OnMessage
	void written(SnapshotWritten message) {
		if (this.writing.end()) {
			snapshot();
		}
	}

}

package dev.mainloop;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Random;
import java.util.TreeSet;

import dev.mainloop.testing.LinuxTest;
import org.junit.jupiter.api.RepeatedTest;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Compares the timers of a loop with a sorted set, over random operations.
 */
@LinuxTest
class TimersModelTests {

	private static final int ROUNDS = 100;

	private static final int OPERATIONS = 80;

	private final long seed = System.nanoTime();

	private final Random random = new Random(this.seed);

	private final ManualClock clock = new ManualClock();

	private final List<Entry> fired = new ArrayList<>();

	private final List<Entry> entries = new ArrayList<>();

	private final TreeSet<Entry> scheduled = new TreeSet<>(
			Comparator.<Entry>comparingLong((entry) -> entry.due).thenComparingLong((entry) -> entry.sequence));

	private long nextSequence;

	@RepeatedTest(5)
	void timersShouldExpireAsSortedModelSays() {
		try (MainLoop loop = MainLoop.builder().clock(this.clock).budget(32).build()) {
			for (int round = 0; round < ROUNDS; round++) {
				loop.execute(() -> {
					for (int i = 0; i < OPERATIONS; i++) {
						operate(loop);
					}
				});
				LoopRunner.runUntilIdle(loop);
				assertFired(round);
				this.clock.advance(Duration.ofNanos(this.random.nextInt(200)));
				LoopRunner.runUntilIdle(loop);
				loop.runOnce();
				assertFired(round);
				assertThat(loop.sourceCounts()).as("timers with seed %d in round %d", this.seed, round)
					.containsEntry("timers", this.scheduled.size());
			}
		}
	}

	private void operate(MainLoop loop) {
		int choice = this.random.nextInt(12);
		if (choice < 5 || this.entries.isEmpty()) {
			Entry entry = new Entry();
			long delay = this.random.nextInt(500);
			entry.slack = this.random.nextBoolean() ? 0 : this.random.nextInt(100);
			entry.due(this.clock.nanoTime() + delay);
			entry.timer = loop.timer("timer")
				.slack(Duration.ofNanos(entry.slack))
				.after(Duration.ofNanos(delay), (timer) -> this.fired.add(entry));
			schedule(entry);
			this.entries.add(entry);
			return;
		}
		Entry entry = this.entries.get(this.random.nextInt(this.entries.size()));
		boolean paused = entry.timer.state() == EventSource.State.PAUSED;
		if (choice < 8) {
			entry.timer.close();
			this.scheduled.remove(entry);
			this.entries.remove(entry);
		}
		else if (choice == 8) {
			entry.timer.pause();
			this.scheduled.remove(entry);
		}
		else if (choice == 9 && paused) {
			entry.timer.resume();
			schedule(entry);
		}
		else if (choice > 9) {
			long delay = this.random.nextInt(500) - 50;
			entry.timer.rescheduleAfter(Duration.ofNanos(delay));
			this.scheduled.remove(entry);
			entry.due(this.clock.nanoTime() + Math.max(0, delay));
			if (!paused) {
				schedule(entry);
			}
		}
	}

	private void schedule(Entry entry) {
		entry.sequence = ++this.nextSequence;
		this.scheduled.add(entry);
	}

	private void assertFired(int round) {
		List<Entry> expected = new ArrayList<>();
		while (!this.scheduled.isEmpty() && this.scheduled.first().due <= this.clock.nanoTime()) {
			expected.add(this.scheduled.pollFirst());
		}
		assertThat(this.fired).as("fired with seed %d in round %d", this.seed, round).isEqualTo(expected);
		this.entries.removeAll(expected);
		this.fired.clear();
	}

	private static final class Entry {

		private Timer timer;

		private long slack;

		private long due;

		private long sequence;

		/** Sets when it is due: at the next multiple of its slack. */
		private void due(long deadline) {
			this.due = (this.slack > 0) ? (deadline + this.slack - 1) / this.slack * this.slack : deadline;
		}

		@Override
		public String toString() {
			return this.due + "#" + this.sequence;
		}

	}

}

package dev.mainloop;

import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.IZ_Result;

/**
 * A queue with messages has its turn: a sender that finds the turn free claims it, and
 * the loop gives it up before it looks for a message the last time.
 */
final class TurnRaces {

	private TurnRaces() {
	}

	/** A sender against the loop, which finds the queue empty. */
	@JCStressTest
	@Outcome(id = "2, (true|false)", expect = Expect.ACCEPTABLE, desc = "The loop has handled the message.")
	@Outcome(id = "1, true", expect = Expect.ACCEPTABLE, desc = "The loop comes to the message in the next turn.")
	@Outcome(id = "1, false", expect = Expect.FORBIDDEN, desc = "The message waits without a turn.")
	@State
	public static class LastLook {

		private final MemoryLoop loop = new MemoryLoop();

		private final Queues queues = new Queues(this.loop);

		private final QueueSource<String> queue = new QueueSource<>(this.loop, this.queues, "queue", 2, Overflow.REJECT,
				(message) -> this.handled++);

		private int handled;

		/** Begins with a message and its turn. */
		LastLook() {
			this.queue.send("first");
		}

		@Actor
		void sender() {
			this.queue.send("second");
		}

		@Actor
		void loop() {
			this.loop.enter();
			this.queues.drain(8, this.loop.slice());
		}

		@Arbiter
		void end(IZ_Result result) {
			result.r1 = this.handled;
			result.r2 = this.queues.hasReady();
		}

	}

	/** A thread pauses and resumes a queue while the loop comes to it. */
	@JCStressTest
	@Outcome(id = "1, (true|false)", expect = Expect.ACCEPTABLE, desc = "The loop has handled the message.")
	@Outcome(id = "0, true", expect = Expect.ACCEPTABLE, desc = "The loop comes to the message in the next turn.")
	@Outcome(id = "0, false", expect = Expect.FORBIDDEN, desc = "The message waits without a turn.")
	@State
	public static class PausedQueue {

		private final MemoryLoop loop = new MemoryLoop();

		private final Queues queues = new Queues(this.loop);

		private final QueueSource<String> queue = new QueueSource<>(this.loop, this.queues, "queue", 2, Overflow.REJECT,
				(message) -> this.handled++);

		private int handled;

		/** Begins with a message and its turn. */
		PausedQueue() {
			this.queue.send("message");
		}

		@Actor
		void thread() {
			this.queue.pause();
			this.queue.resume();
		}

		@Actor
		void loop() {
			this.loop.enter();
			this.loop.takeControls();
			this.queues.drain(8, this.loop.slice());
		}

		@Arbiter
		void end(IZ_Result result) {
			this.loop.takeControls();
			result.r1 = this.handled;
			result.r2 = this.queues.hasReady();
		}

	}

	/** A sender that drops the oldest message while the loop takes messages. */
	@JCStressTest
	@Outcome(id = "3, true", expect = Expect.ACCEPTABLE,
			desc = "Each message is handled, dropped or waits, and what waits has its turn.")
	@Outcome(expect = Expect.FORBIDDEN, desc = "A message is lost or counted twice, or waits without a turn.")
	@State
	public static class DroppedMessage {

		private final MemoryLoop loop = new MemoryLoop();

		private final Queues queues = new Queues(this.loop);

		private final QueueSource<String> queue = new QueueSource<>(this.loop, this.queues, "queue", 2,
				Overflow.DROP_OLDEST, (message) -> this.handled++);

		private int handled;

		/** Begins with a queue that is full. */
		DroppedMessage() {
			this.queue.send("first");
			this.queue.send("second");
		}

		@Actor
		void sender() {
			this.queue.send("third");
		}

		@Actor
		void loop() {
			this.loop.enter();
			this.queues.drain(8, this.loop.slice());
		}

		@Arbiter
		void end(IZ_Result result) {
			result.r1 = this.handled + (int) this.queue.dropped() + this.queue.size();
			result.r2 = this.queue.size() == 0 || this.queues.hasReady();
		}

	}

}

package dev.mainloop;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;

import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.L_Result;

/**
 * A sender that waits for room is woken when there is some, and when there will be none.
 */
final class WaitingSendersRaces {

	/** So long that a sender is only refused then if nobody has woken it. */
	private static final Duration TIMEOUT = Duration.ofSeconds(20);

	private WaitingSendersRaces() {
	}

	private static QueueSource<String> fullQueue(MemoryLoop loop, Queues queues) {
		QueueSource<String> queue = new QueueSource<>(loop, queues, "queue", 2, Overflow.BLOCK, (message) -> {
		});
		queue.send("first");
		queue.send("second");
		return queue;
	}

	private static String send(QueueSource<String> queue) {
		try {
			queue.send("third", TIMEOUT);
			return "sent";
		}
		catch (MessageRefusedException ex) {
			return queue.isClosed() ? "closed" : "full";
		}
		catch (InterruptedException ex) {
			return "interrupted";
		}
	}

	/** Says what has become of a sender that would leave a call. */
	private static String end(boolean sent, int calls) {
		return (calls == (sent ? 0 : 1)) ? (sent ? "sent" : "called") : "sent: %s, calls: %d".formatted(sent, calls);
	}

	/** A sender against the loop, which handles what the queue holds. */
	@JCStressTest
	@Outcome(id = "sent", expect = Expect.ACCEPTABLE, desc = "The sender has found room.")
	@Outcome(id = "full", expect = Expect.FORBIDDEN, desc = "The sender was not woken.")
	@State
	public static class Room {

		private final MemoryLoop loop = new MemoryLoop();

		private final Queues queues = new Queues(this.loop);

		private final QueueSource<String> queue = fullQueue(this.loop, this.queues);

		@Actor
		void sender(L_Result result) {
			result.r1 = send(this.queue);
		}

		@Actor
		void loop() {
			this.loop.enter();
			this.queues.drain(8, this.loop.slice());
		}

	}

	/**
	 * A sender that leaves a call against the loop, which handles what the queue holds.
	 */
	@JCStressTest
	@Outcome(id = "sent", expect = Expect.ACCEPTABLE, desc = "The sender has found room.")
	@Outcome(id = "called", expect = Expect.ACCEPTABLE, desc = "The call was made once.")
	@Outcome(expect = Expect.FORBIDDEN, desc = "The call was lost, or made twice.")
	@State
	public static class RoomForACall {

		private final MemoryLoop loop = new MemoryLoop();

		private final Queues queues = new Queues(this.loop);

		private final QueueSource<String> queue = fullQueue(this.loop, this.queues);

		private final AtomicInteger calls = new AtomicInteger();

		private boolean sent;

		@Actor
		void sender() {
			this.sent = this.queue.offer("third", this.calls::incrementAndGet);
		}

		@Actor
		void loop() {
			this.loop.enter();
			this.queues.drain(8, this.loop.slice());
		}

		@Arbiter
		void end(L_Result result) {
			result.r1 = WaitingSendersRaces.end(this.sent, this.calls.get());
		}

	}

	/** A sender that leaves a call against a thread that closes the queue. */
	@JCStressTest
	@Outcome(id = "closed", expect = Expect.ACCEPTABLE, desc = "The sender is refused.")
	@Outcome(id = "called", expect = Expect.ACCEPTABLE, desc = "The call was made once.")
	@Outcome(expect = Expect.FORBIDDEN, desc = "The call was lost, or made twice.")
	@State
	public static class ClosedQueueWithACall {

		private final MemoryLoop loop = new MemoryLoop();

		private final Queues queues = new Queues(this.loop);

		private final QueueSource<String> queue = fullQueue(this.loop, this.queues);

		private final AtomicInteger calls = new AtomicInteger();

		private boolean refused;

		@Actor
		void sender() {
			try {
				this.queue.offer("third", this.calls::incrementAndGet);
			}
			catch (MessageRefusedException ex) {
				this.refused = true;
			}
		}

		@Actor
		void closer() {
			this.queue.close();
		}

		@Arbiter
		void end(L_Result result) {
			result.r1 = (this.refused && this.calls.get() == 0) ? "closed"
					: WaitingSendersRaces.end(false, this.calls.get());
		}

	}

	/** A sender against a thread that closes the queue. */
	@JCStressTest
	@Outcome(id = "closed", expect = Expect.ACCEPTABLE, desc = "The sender is refused at once.")
	@Outcome(expect = Expect.FORBIDDEN, desc = "The sender was not woken.")
	@State
	public static class ClosedQueue {

		private final MemoryLoop loop = new MemoryLoop();

		private final Queues queues = new Queues(this.loop);

		private final QueueSource<String> queue = fullQueue(this.loop, this.queues);

		@Actor
		void sender(L_Result result) {
			long start = System.nanoTime();
			String end = send(this.queue);
			result.r1 = (System.nanoTime() - start < TIMEOUT.toNanos()) ? end : "not woken";
		}

		@Actor
		void closer() {
			this.queue.close();
		}

	}

}

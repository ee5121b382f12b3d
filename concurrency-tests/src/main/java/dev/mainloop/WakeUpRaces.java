package dev.mainloop;

import dev.mainloop.multiplexer.Trigger;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.I_Result;
import org.openjdk.jcstress.infra.results.ZI_Result;

/**
 * A thread adds work and wakes the loop; the loop says that it will wait and looks for
 * work. At least one of the two sees what the other did.
 */
final class WakeUpRaces {

	private WakeUpRaces() {
	}

	/** A control against a wait. */
	@JCStressTest
	@Outcome(id = "true, 1", expect = Expect.ACCEPTABLE, desc = "The loop waits and is woken.")
	@Outcome(id = "false, [01]", expect = Expect.ACCEPTABLE, desc = "The loop finds the control.")
	@Outcome(id = "true, 0", expect = Expect.FORBIDDEN, desc = "The loop waits and nobody wakes it.")
	@State
	public static class Control {

		private final MemoryEventFd eventFd = new MemoryEventFd();

		private final WakeUp wakeUp = new WakeUp(this.eventFd, Trigger.EDGE);

		private final Inbox controls = new Inbox();

		private final Link control = new Link() {
		};

		@Actor
		void thread() {
			if (this.controls.add(this.control)) {
				this.wakeUp.wakeUp();
			}
		}

		@Actor
		void loop(ZI_Result result) {
			this.wakeUp.beforeWait();
			result.r1 = this.controls.isEmpty();
			if (!result.r1) {
				this.wakeUp.afterWait();
			}
		}

		@Arbiter
		void end(ZI_Result result) {
			result.r2 = this.eventFd.writes();
		}

	}

	/** A message against a wait. */
	@JCStressTest
	@Outcome(id = "true, 1", expect = Expect.ACCEPTABLE, desc = "The loop waits and is woken.")
	@Outcome(id = "false, [01]", expect = Expect.ACCEPTABLE, desc = "The loop finds the turn of the queue.")
	@Outcome(id = "true, 0", expect = Expect.FORBIDDEN, desc = "The loop waits and nobody wakes it.")
	@State
	public static class Message {

		private final MemoryEventFd eventFd = new MemoryEventFd();

		private final WakeUp wakeUp = new WakeUp(this.eventFd, Trigger.EDGE);

		private final MemoryLoop loop = new MemoryLoop(this.wakeUp);

		private final Queues queues = new Queues(this.loop);

		private final QueueSource<String> queue = new QueueSource<>(this.loop, this.queues, "queue", 2, Overflow.REJECT,
				(message) -> {
				});

		@Actor
		void sender() {
			this.queue.send("message");
		}

		@Actor
		void loop(ZI_Result result) {
			this.loop.enter();
			this.wakeUp.beforeWait();
			result.r1 = !this.queues.hasReady();
			if (!result.r1) {
				this.wakeUp.afterWait();
			}
		}

		@Arbiter
		void end(ZI_Result result) {
			result.r2 = this.eventFd.writes();
		}

	}

	/** Two threads wake a loop that waits. */
	@JCStressTest
	@Outcome(id = "1", expect = Expect.ACCEPTABLE, desc = "One of them writes, which is enough.")
	@Outcome(id = "0", expect = Expect.FORBIDDEN, desc = "Each leaves it to the other.")
	@Outcome(id = "2", expect = Expect.FORBIDDEN, desc = "One wait costs two writes.")
	@State
	public static class TwoThreads {

		private final MemoryEventFd eventFd = new MemoryEventFd();

		private final WakeUp wakeUp = new WakeUp(this.eventFd, Trigger.EDGE);

		/** Begins with a loop that waits. */
		TwoThreads() {
			this.wakeUp.beforeWait();
		}

		@Actor
		void one() {
			this.wakeUp.wakeUp();
		}

		@Actor
		void other() {
			this.wakeUp.wakeUp();
		}

		@Arbiter
		void end(I_Result result) {
			result.r1 = this.eventFd.writes();
		}

	}

}

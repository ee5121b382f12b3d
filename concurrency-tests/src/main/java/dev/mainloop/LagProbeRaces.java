package dev.mainloop;

import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.LL_Result;

/**
 * A message that is followed from its sender to the loop.
 */
final class LagProbeRaces {

	private static final long SENT_AT = 1000;

	private static final long NOW = 1007;

	private LagProbeRaces() {
	}

	private static String come(LagProbe probe) {
		return (probe.followed() == 1) ? Long.toString(probe.end(NOW)) : "none";
	}

	/** A sender that follows its message against the loop that looks for it. */
	@JCStressTest
	@Outcome(id = "7, null", expect = Expect.ACCEPTABLE, desc = "The message was measured.")
	@Outcome(id = "none, 7", expect = Expect.ACCEPTABLE, desc = "The loop has looked too early.")
	@Outcome(expect = Expect.FORBIDDEN, desc = "The time is another one.")
	@State
	public static class Followed {

		private final LagProbe probe = new LagProbe();

		@Actor
		void sender() {
			this.probe.follow(0, SENT_AT);
		}

		@Actor
		void loop(LL_Result result) {
			result.r1 = come(this.probe);
		}

		@Arbiter
		void after(LL_Result result) {
			if (result.r1.equals("none")) {
				result.r2 = come(this.probe);
			}
		}

	}

	/** Two senders against each other. */
	@JCStressTest
	@Outcome(id = "7, null", expect = Expect.ACCEPTABLE, desc = "One of them was followed.")
	@Outcome(expect = Expect.FORBIDDEN, desc = "What was noted is of both.")
	@State
	public static class TwoSenders {

		private final LagProbe probe = new LagProbe();

		@Actor
		void first() {
			this.probe.follow(0, SENT_AT);
		}

		@Actor
		void second() {
			this.probe.follow(0, SENT_AT);
		}

		@Arbiter
		void after(LL_Result result) {
			result.r1 = come(this.probe);
		}

	}

	/** A sender whose message is refused against the loop that finds another come. */
	@JCStressTest
	@Outcome(id = "7, true", expect = Expect.ACCEPTABLE, desc = "It was measured, and the next is.")
	@Outcome(id = "-1, true", expect = Expect.ACCEPTABLE, desc = "It was given up, and the next is measured.")
	@Outcome(id = "none, true", expect = Expect.ACCEPTABLE, desc = "The loop has looked too early or too late.")
	@Outcome(expect = Expect.FORBIDDEN, desc = "No message is measured any more.")
	@State
	public static class GivenUp {

		private final LagProbe probe = new LagProbe();

		@Actor
		void sender() {
			this.probe.follow(0, SENT_AT);
			this.probe.giveUp();
		}

		@Actor
		void loop(LL_Result result) {
			result.r1 = come(this.probe);
		}

		@Arbiter
		void after(LL_Result result) {
			this.probe.renew(Long.MAX_VALUE / 2);
			result.r2 = this.probe.isWanted();
		}

	}

	/** A watch that asks about an event against the loop that handles it. */
	@JCStressTest
	@Outcome(id = "event, null", expect = Expect.ACCEPTABLE, desc = "The loop was asked in time.")
	@Outcome(id = "null, null", expect = Expect.ACCEPTABLE, desc = "The event was handled before.")
	@Outcome(expect = Expect.FORBIDDEN, desc = "The event was told for another number.")
	@State
	public static class AskedEvent {

		private final MemoryLoop loop = new MemoryLoop();

		private final QueueSource<String> queue = new QueueSource<>(this.loop, new Queues(this.loop), "queue", 2,
				Overflow.REJECT, (message) -> {
				});

		@Actor
		void loop() {
			this.loop.dispatch(this.queue, "event");
			this.loop.dispatch(this.queue, "other");
		}

		@Actor
		void watch() {
			this.queue.statistics().ask(1);
		}

		@Arbiter
		void after(LL_Result result) {
			result.r1 = this.queue.statistics().answer(1);
			result.r2 = this.queue.statistics().answer(2);
		}

	}

}

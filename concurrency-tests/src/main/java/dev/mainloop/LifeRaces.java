package dev.mainloop;

import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.LZ_Result;
import org.openjdk.jcstress.infra.results.ZL_Result;
import org.openjdk.jcstress.infra.results.ZZL_Result;
import org.openjdk.jcstress.infra.results.ZZ_Result;

/**
 * The life of a loop takes only the changes that its picture shows, whoever else changes
 * it.
 */
final class LifeRaces {

	private LifeRaces() {
	}

	private static boolean enter(Life life) {
		try {
			life.enter(Thread.currentThread(), MainLoopState.RUNNING);
			return true;
		}
		catch (IllegalStateException ex) {
			return false;
		}
	}

	private static Life running() {
		Life life = new Life(LoopName.MAIN);
		life.enter(Thread.currentThread(), MainLoopState.RUNNING);
		return life;
	}

	private static Life stopping() {
		Life life = running();
		life.stop();
		return life;
	}

	/** Two threads want to run a loop. */
	@JCStressTest
	@Outcome(id = { "true, false", "false, true" }, expect = Expect.ACCEPTABLE, desc = "One of them runs it.")
	@Outcome(expect = Expect.FORBIDDEN, desc = "Both run it, or none.")
	@State
	public static class TwoOwners {

		private final Life life = new Life(LoopName.MAIN);

		@Actor
		void one(ZZ_Result result) {
			result.r1 = enter(this.life);
		}

		@Actor
		void other(ZZ_Result result) {
			result.r2 = enter(this.life);
		}

	}

	/** A thread closes a loop that another is about to run. */
	@JCStressTest
	@Outcome(id = "true, true, closed", expect = Expect.ACCEPTABLE, desc = "The owner has the rest to do.")
	@Outcome(id = "false, false, closed", expect = Expect.ACCEPTABLE, desc = "The owner is refused.")
	@Outcome(expect = Expect.FORBIDDEN, desc = "The loop is open, or has an owner that was refused.")
	@State
	public static class EnteredAndClosed {

		private final Life life = new Life(LoopName.MAIN);

		@Actor
		void owner(ZZL_Result result) {
			result.r1 = enter(this.life);
		}

		@Actor
		void closer() {
			this.life.close();
		}

		@Arbiter
		void end(ZZL_Result result) {
			result.r2 = this.life.owner() != null;
			result.r3 = this.life.state();
		}

	}

	/** A loop that was told to stop is told to go on while it stops. */
	@JCStressTest
	@Outcome(id = "true, true, stopped", expect = Expect.FORBIDDEN, desc = "It has stopped though it goes on.")
	@Outcome(id = "true, false, running", expect = Expect.ACCEPTABLE, desc = "It goes on.")
	@Outcome(id = "false, true, stopped", expect = Expect.ACCEPTABLE, desc = "It has stopped.")
	@Outcome(expect = Expect.FORBIDDEN, desc = "It neither goes on nor has stopped.")
	@State
	public static class StoppedAndGoingOn {

		private final Life life = stopping();

		@Actor
		void thread(ZZL_Result result) {
			result.r1 = this.life.goOn();
		}

		@Actor
		void owner(ZZL_Result result) {
			result.r2 = this.life.leave(MainLoopState.STOPPING, MainLoopState.STOPPED);
		}

		@Arbiter
		void end(ZZL_Result result) {
			result.r3 = this.life.state();
		}

	}

	/** A loop that was told to stop is closed while it stops. */
	@JCStressTest
	@Outcome(id = "closed, true", expect = Expect.ACCEPTABLE, desc = "The owner is still there and has the rest to do.")
	@Outcome(id = "closed, false", expect = Expect.ACCEPTABLE, desc = "The owner has left before.")
	@Outcome(expect = Expect.FORBIDDEN, desc = "The loop is open, or the owner has left and is there.")
	@State
	public static class StoppedAndClosed {

		private final Life life = stopping();

		private boolean left;

		@Actor
		void closer() {
			this.life.close();
		}

		@Actor
		void owner() {
			this.left = this.life.leave(MainLoopState.STOPPING, MainLoopState.STOPPED);
		}

		@Arbiter
		void end(LZ_Result result) {
			boolean owned = this.life.owner() != null;
			result.r1 = (owned != this.left) ? this.life.state() : "left and owned, or neither";
			result.r2 = owned;
		}

	}

	/** A loop fails while it is told to stop. */
	@JCStressTest
	@Outcome(id = "(true|false), failed", expect = Expect.ACCEPTABLE, desc = "It has failed.")
	@Outcome(expect = Expect.FORBIDDEN, desc = "It has lost that it has failed.")
	@State
	public static class FailedAndStopped {

		private final Life life = running();

		@Actor
		void owner() {
			this.life.fail(new IllegalStateException());
		}

		@Actor
		void thread(ZL_Result result) {
			result.r1 = this.life.stop();
		}

		@Arbiter
		void end(ZL_Result result) {
			result.r2 = this.life.state();
		}

	}

	/** A loop fails while it is closed. */
	@JCStressTest
	@Outcome(id = "true, closed", expect = Expect.ACCEPTABLE, desc = "It is closed, whether it has failed or not.")
	@Outcome(expect = Expect.FORBIDDEN, desc = "It is not closed.")
	@State
	public static class FailedAndClosed {

		private final Life life = running();

		@Actor
		void owner() {
			this.life.fail(new IllegalStateException());
		}

		@Actor
		void closer(ZL_Result result) {
			result.r1 = this.life.close();
		}

		@Arbiter
		void end(ZL_Result result) {
			result.r2 = this.life.state();
		}

	}

}

package dev.mainloop;

import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.JJ_Result;

/**
 * A stopwatch that is read while it is stopped and started.
 */
final class StopwatchRaces {

	private StopwatchRaces() {
	}

	private static Stopwatch started() {
		Stopwatch watch = new Stopwatch();
		watch.start(0);
		return watch;
	}

	/** A reader whose time is later than that of the stop. */
	@JCStressTest
	@Outcome(id = "3, 3", expect = Expect.ACCEPTABLE, desc = "It was stopped before.")
	@Outcome(id = "4, 4", expect = Expect.ACCEPTABLE, desc = "It was not stopped when it was read first.")
	@Outcome(expect = Expect.FORBIDDEN, desc = "The time is another one, or has gone back.")
	@State
	public static class Stopped {

		private final Stopwatch watch = started();

		@Actor
		void loop() {
			this.watch.stop(3);
		}

		@Actor
		void reader(JJ_Result result) {
			result.r1 = this.watch.nanos(4);
			result.r2 = this.watch.nanos(4);
		}

	}

	/** A reader against the loop that stops and begins the next stretch. */
	@JCStressTest
	@Outcome(id = { "3, 3", "3, 4", "4, 4" }, expect = Expect.ACCEPTABLE, desc = "It was stopped, started or neither.")
	@Outcome(expect = Expect.FORBIDDEN, desc = "The time is another one, or has gone back.")
	@State
	public static class StartedAgain {

		private final Stopwatch watch = started();

		@Actor
		void loop() {
			this.watch.stop(3);
			this.watch.start(3);
		}

		@Actor
		void reader(JJ_Result result) {
			result.r1 = this.watch.nanos(4);
			result.r2 = this.watch.nanos(4);
		}

	}

}

package dev.mainloop.log;

import java.util.concurrent.atomic.AtomicInteger;

import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.II_Result;

/**
 * Each line is told once, in full or in a sum.
 */
final class BurstLogRaces {

	private BurstLogRaces() {
	}

	/** A log that counts how many lines it was told in full, and how many in sums. */
	private static final class Lines implements BurstLog.Kind {

		private final AtomicInteger full = new AtomicInteger();

		private final AtomicInteger summedUp = new AtomicInteger();

		private final BurstLog log = new BurstLog(() -> 0, (delay, task) -> {
		}, this);

		void log() {
			this.log.log(this, this.full::incrementAndGet);
		}

		void logInVain() {
			this.log.log(this, () -> {
				throw new IllegalStateException();
			});
		}

		@Override
		public void sumUp(long lines) {
			this.summedUp.addAndGet((int) lines);
		}

		void told(II_Result result) {
			result.r1 = this.full.get();
			result.r2 = this.summedUp.get();
		}

	}

	/** Two threads that log lines of one kind. */
	@JCStressTest
	@Outcome(id = "1, 1", expect = Expect.ACCEPTABLE, desc = "The second was counted.")
	@Outcome(expect = Expect.FORBIDDEN, desc = "A line was lost or told twice, or both were logged in full.")
	@State
	public static class TwoLines {

		private final Lines lines = new Lines();

		@Actor
		void one() {
			this.lines.log();
		}

		@Actor
		void other() {
			this.lines.log();
		}

		@Arbiter
		void after(II_Result result) {
			this.lines.log.close();
			this.lines.told(result);
		}

	}

	/** A line of a burst against the end of the log. */
	@JCStressTest
	@Outcome(id = "1, 1", expect = Expect.ACCEPTABLE, desc = "It was counted, and summed up by either thread.")
	@Outcome(id = "2, 0", expect = Expect.ACCEPTABLE, desc = "The log was closed before.")
	@Outcome(expect = Expect.FORBIDDEN, desc = "The line was lost or told twice.")
	@State
	public static class LineAndClose {

		private final Lines lines = logged(1);

		@Actor
		void logging() {
			this.lines.log();
		}

		@Actor
		void closing() {
			this.lines.log.close();
		}

		@Arbiter
		void after(II_Result result) {
			this.lines.told(result);
		}

	}

	/** Two threads that sum up a burst. */
	@JCStressTest
	@Outcome(id = "1, 2", expect = Expect.ACCEPTABLE, desc = "One of them did.")
	@Outcome(expect = Expect.FORBIDDEN, desc = "Lines were lost or told twice.")
	@State
	public static class TwoSums {

		private final Lines lines = logged(3);

		@Actor
		void one() {
			this.lines.log.sumUpAll();
		}

		@Actor
		void other() {
			this.lines.log.close();
		}

		@Arbiter
		void after(II_Result result) {
			this.lines.told(result);
		}

	}

	/** A line that cannot be logged against another. */
	@JCStressTest
	@Outcome(id = "1, 1", expect = Expect.ACCEPTABLE, desc = "The other was logged, before or after.")
	@Outcome(id = "0, 2", expect = Expect.ACCEPTABLE, desc = "The other was counted, too.")
	@Outcome(expect = Expect.FORBIDDEN, desc = "A line was lost or told twice.")
	@State
	public static class LineInVain {

		private final Lines lines = new Lines();

		@Actor
		void one() {
			this.lines.logInVain();
		}

		@Actor
		void other() {
			this.lines.log();
		}

		@Arbiter
		void after(II_Result result) {
			this.lines.log.close();
			this.lines.told(result);
		}

	}

	private static Lines logged(int count) {
		Lines lines = new Lines();
		for (int i = 0; i < count; i++) {
			lines.log();
		}
		return lines;
	}

}

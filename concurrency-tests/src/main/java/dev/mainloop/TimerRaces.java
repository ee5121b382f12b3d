package dev.mainloop;

import java.time.Duration;

import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.II_Result;
import org.openjdk.jcstress.infra.results.I_Result;
import org.openjdk.jcstress.infra.results.ZII_Result;

/**
 * A timer that other threads move while the loop takes its expirations: it expires at the
 * newest deadline, not before and not twice.
 */
final class TimerRaces {

	/** Later than all deadlines of a race. */
	private static final long END = MemoryLoop.START + 50;

	private TimerRaces() {
	}

	/** A one-shot timer that is due is moved later. */
	@JCStressTest
	@Outcome(id = "true, 0, 1", expect = Expect.ACCEPTABLE, desc = "It expires at the new time.")
	@Outcome(id = "true, 1, 2", expect = Expect.ACCEPTABLE,
			desc = "It has expired before, lives on and expires at the new time, too.")
	@Outcome(id = "false, 1, 1", expect = Expect.ACCEPTABLE, desc = "It has expired and ended, and is not moved.")
	@Outcome(id = "true, 1, 1", expect = Expect.FORBIDDEN, desc = "It was moved and has ended.")
	@Outcome(expect = Expect.FORBIDDEN, desc = "An expiration is lost, or handled before the new time.")
	@State
	public static class MovedLater {

		private final MemoryLoop loop = new MemoryLoop();

		private final TimerClocks clocks = this.loop.timerClocks();

		private final Timer timer;

		private int handled;

		/** Begins with a timer that is due. */
		MovedLater() {
			this.timer = new Timer.Builder(this.loop, this.clocks, "timer").after(Duration.ZERO,
					(timer) -> this.handled++);
			this.loop.takeControls();
		}

		@Actor
		void thread(ZII_Result result) {
			try {
				this.timer.rescheduleAfter(Duration.ofNanos(END - MemoryLoop.START));
				result.r1 = true;
			}
			catch (IllegalStateException ex) {
				result.r1 = false;
			}
		}

		@Actor
		void loop(ZII_Result result) {
			this.loop.run(this.clocks);
			result.r2 = this.handled;
		}

		@Arbiter
		void end(ZII_Result result) {
			this.loop.runAt(END, this.clocks);
			result.r3 = this.handled;
		}

	}

	/** A one-shot timer that the loop gives its place is moved to an earlier time. */
	@JCStressTest
	@Outcome(id = "1", expect = Expect.ACCEPTABLE, desc = "It expires at the new time.")
	@Outcome(id = "0", expect = Expect.FORBIDDEN, desc = "It does not expire before the old time.")
	@State
	public static class MovedEarlier {

		private final MemoryLoop loop = new MemoryLoop();

		private final TimerClocks clocks = this.loop.timerClocks();

		private final Timer timer;

		private int handled;

		/** Begins with a timer that has no place. */
		MovedEarlier() {
			this.timer = new Timer.Builder(this.loop, this.clocks, "timer").after(Duration.ofSeconds(1),
					(timer) -> this.handled++);
		}

		@Actor
		void thread() {
			this.timer.rescheduleAfter(Duration.ofNanos(END - MemoryLoop.START));
		}

		@Actor
		void loop() {
			this.loop.enter();
			this.loop.takeControls();
		}

		@Arbiter
		void end(I_Result result) {
			this.loop.runAt(END, this.clocks);
			result.r1 = this.handled;
		}

	}

	/** A periodic timer that expires is moved to a time before the next expiration. */
	@JCStressTest
	@Outcome(id = "0, 1", expect = Expect.ACCEPTABLE, desc = "It expires at the new time.")
	@Outcome(id = "1, 2", expect = Expect.ACCEPTABLE, desc = "It has expired before, and does at the new time.")
	@Outcome(expect = Expect.FORBIDDEN, desc = "The new time is lost, or an expiration is handled twice.")
	@State
	public static class MovedBetweenExpirations {

		private final MemoryLoop loop = new MemoryLoop();

		private final TimerClocks clocks = this.loop.timerClocks();

		private final Timer timer;

		private int handled;

		/** Begins with a timer that is due. */
		MovedBetweenExpirations() {
			this.timer = new Timer.Builder(this.loop, this.clocks, "timer").every(Duration.ZERO, Duration.ofSeconds(1),
					(timer) -> this.handled++);
			this.loop.takeControls();
		}

		@Actor
		void thread() {
			this.timer.rescheduleAfter(Duration.ofNanos(END - MemoryLoop.START));
		}

		@Actor
		void loop(II_Result result) {
			this.loop.run(this.clocks);
			result.r1 = this.handled;
		}

		@Arbiter
		void end(II_Result result) {
			this.loop.runAt(END, this.clocks);
			result.r2 = this.handled;
		}

	}

	/** Two threads move a timer, one to an earlier time and one to a later. */
	@JCStressTest
	@Outcome(id = { "0, 1", "1, 1" }, expect = Expect.ACCEPTABLE, desc = "It expires once, at one of the two times.")
	@Outcome(expect = Expect.FORBIDDEN, desc = "It does not expire, or does twice.")
	@State
	public static class TwoThreads {

		private final MemoryLoop loop = new MemoryLoop();

		private final TimerClocks clocks = this.loop.timerClocks();

		private final Timer timer;

		private int handled;

		/** Begins with a timer that has a place between the two times. */
		TwoThreads() {
			this.timer = new Timer.Builder(this.loop, this.clocks, "timer").after(Duration.ofNanos(30),
					(timer) -> this.handled++);
			this.loop.takeControls();
		}

		@Actor
		void earlier() {
			this.timer.rescheduleAfter(Duration.ofNanos(10));
		}

		@Actor
		void later() {
			this.timer.rescheduleAfter(Duration.ofNanos(END - MemoryLoop.START));
		}

		@Arbiter
		void end(II_Result result) {
			this.loop.enter();
			this.loop.takeControls();
			this.loop.now(MemoryLoop.START + 10);
			this.clocks.runDue(8, this.loop.slice());
			result.r1 = this.handled;
			this.loop.now(END);
			this.clocks.runDue(8, this.loop.slice());
			result.r2 = this.handled;
		}

	}

	/** A periodic timer that is due is paused. */
	@JCStressTest
	@Outcome(id = { "0, 0", "1, 1" }, expect = Expect.ACCEPTABLE, desc = "It expires before it is paused, or not.")
	@Outcome(id = "0, 1", expect = Expect.ACCEPTABLE, desc = "The loop has looked before, and its handler begins.")
	@Outcome(expect = Expect.FORBIDDEN, desc = "It expires while it is paused.")
	@State
	public static class Paused {

		private final MemoryLoop loop = new MemoryLoop();

		private final TimerClocks clocks = this.loop.timerClocks();

		private final Timer timer;

		private volatile int handled;

		/** Begins with a timer that is due. */
		Paused() {
			this.timer = new Timer.Builder(this.loop, this.clocks, "timer").every(Duration.ZERO, Duration.ofNanos(10),
					(timer) -> this.handled = this.handled + 1);
			this.loop.takeControls();
		}

		@Actor
		void thread(II_Result result) {
			this.timer.pause();
			result.r1 = this.handled;
		}

		@Actor
		void loop() {
			this.loop.run(this.clocks);
		}

		@Arbiter
		void end(II_Result result) {
			this.loop.enter();
			this.loop.now(END);
			this.clocks.runDue(8, this.loop.slice());
			result.r2 = this.handled;
		}

	}

	/**
	 * A handler closes a timer, without its lock, that another thread pauses and resumes.
	 */
	@JCStressTest
	@Outcome(id = "true, 0, 0", expect = Expect.ACCEPTABLE, desc = "It is closed and has no place.")
	@Outcome(expect = Expect.FORBIDDEN, desc = "It came back, or has kept its place.")
	@State
	public static class ClosedByHandler {

		private final MemoryLoop loop = new MemoryLoop();

		private final TimerClocks clocks = this.loop.timerClocks();

		private final Timer timer;

		private int handled;

		/** Begins with a timer that has its place. */
		ClosedByHandler() {
			this.timer = new Timer.Builder(this.loop, this.clocks, "timer").after(Duration.ofNanos(10),
					(timer) -> this.handled++);
			this.loop.takeControls();
		}

		@Actor
		void thread() {
			this.timer.pause();
			this.timer.resume();
		}

		@Actor
		void loop() {
			this.loop.enter();
			this.timer.close();
			this.loop.takeControls();
		}

		@Arbiter
		void end(ZII_Result result) {
			this.loop.runAt(END, this.clocks);
			result.r1 = this.timer.state() == EventSource.State.CLOSED;
			result.r2 = this.handled;
			result.r3 = this.clocks.size();
		}

	}

	/** A far timer, whose bucket the loop empties, is moved to an earlier time. */
	@JCStressTest
	@Outcome(id = "1", expect = Expect.ACCEPTABLE, desc = "It expires at the new time.")
	@Outcome(expect = Expect.FORBIDDEN, desc = "It does not expire before the old time, or does twice.")
	@State
	public static class MovedWhileBucketIsEmptied {

		private static final long FAR = Duration.ofHours(1).toNanos();

		private final MemoryLoop loop = new MemoryLoop();

		private final TimerClocks clocks = this.loop.timerClocks();

		private final Timer timer;

		private int handled;

		/** Begins with a timer in a bucket, which time has reached. */
		MovedWhileBucketIsEmptied() {
			this.timer = new Timer.Builder(this.loop, this.clocks, "timer").after(Duration.ofNanos(FAR + 1000),
					(timer) -> this.handled++);
			this.loop.takeControls();
			this.loop.now(MemoryLoop.START + FAR);
		}

		@Actor
		void thread() {
			this.timer.rescheduleAfter(Duration.ofNanos(10));
		}

		@Actor
		void loop() {
			this.loop.run(this.clocks);
		}

		@Arbiter
		void end(I_Result result) {
			this.loop.enter();
			this.loop.takeControls();
			this.loop.now(MemoryLoop.START + FAR + 10);
			this.clocks.runDue(8, this.loop.slice());
			result.r1 = this.handled;
		}

	}

}

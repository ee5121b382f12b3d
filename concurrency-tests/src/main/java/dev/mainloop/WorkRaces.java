package dev.mainloop;

import java.util.concurrent.RejectedExecutionException;

import org.jspecify.annotations.Nullable;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.ZZI_Result;

/**
 * A task that is cancelled while a worker takes it is not begun, or is interrupted and
 * nothing else is. One that the workers refuse ends once, by its own end if a worker has
 * it all the same.
 */
final class WorkRaces {

	private WorkRaces() {
	}

	/** What all of them have: a task of a port. */
	private abstract static class OneTask implements WorkerTask {

		final Inbox inbox = new Inbox();

		private final WorkerPort port = new WorkerPort(LoopName.MAIN, "task", new Workers(LoopName.MAIN, this::take),
				() -> {
				});

		final Work work = new Work(this, this.port);

		private boolean run;

		private boolean failed;

		private int ends;

		OneTask() {
			this.port.open(this.inbox::add, new MemoryEventFd());
		}

		abstract void take(Runnable task);

		void begin() {
			this.port.begin(this.work);
		}

		@Override
		public void run() {
			this.run = true;
		}

		@Override
		public void ended(@Nullable Throwable failure) {
			this.failed = failure != null;
			this.ends++;
		}

		/** Does what the loop does with what has ended. */
		void end(ZZI_Result result) {
			for (Link link = this.inbox.takeAll(); link != null; link = link.next) {
				complete((Completion) link);
			}
			result.r1 = this.run;
			result.r2 |= this.failed;
			result.r3 = this.ends;
		}

		private static void complete(Completion completion) {
			try {
				completion.completed();
			}
			catch (Exception ex) {
				throw new IllegalStateException(ex);
			}
		}

	}

	/** The loop cancels a task that a worker runs. */
	@JCStressTest
	@Outcome(id = { "true, false, 1", "false, false, 1" }, expect = Expect.ACCEPTABLE,
			desc = "It ends once, run or not, and the worker is not interrupted any more.")
	@Outcome(expect = Expect.FORBIDDEN, desc = "It ends not, or twice, or the worker stays interrupted.")
	@State
	public static class Cancelled extends OneTask {

		Cancelled() {
			begin();
		}

		@Override
		void take(Runnable task) {
		}

		@Actor
		void worker(ZZI_Result result) {
			this.work.run();
			result.r2 = Thread.interrupted();
		}

		@Actor
		void loop() {
			this.work.cancel();
		}

		@Arbiter
		void told(ZZI_Result result) {
			end(result);
		}

	}

	/** The workers refuse a task that one of them has. */
	@JCStressTest
	@Outcome(id = { "true, false, 1", "false, true, 1" }, expect = Expect.ACCEPTABLE,
			desc = "It has run, or has failed as it was refused.")
	@Outcome(expect = Expect.FORBIDDEN, desc = "It ends not, or twice, or has run and is said to be refused.")
	@State
	public static class Refused extends OneTask {

		private volatile @Nullable Runnable taken;

		@Override
		void take(Runnable task) {
			this.taken = task;
			throw new RejectedExecutionException();
		}

		@Actor
		void worker() {
			Runnable task = this.taken;
			if (task != null) {
				task.run();
			}
		}

		@Actor
		void loop() {
			begin();
		}

		@Arbiter
		void told(ZZI_Result result) {
			end(result);
		}

	}

}

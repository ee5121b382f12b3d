package dev.mainloop;

import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.II_Result;
import org.openjdk.jcstress.infra.results.LL_Result;

/**
 * Two loops in memory that were told to stop together. A race whose loops wait for each
 * other for ever does not end.
 */
final class MainLoopGroupRaces {

	private MainLoopGroupRaces() {
	}

	/** Two loops of a group, each with a queue that the other sends to. */
	private static final class Pair {

		final MainLoopGroup group = new MainLoopGroup();

		final DutyCycle first = cycle(this.group);

		final DutyCycle second = cycle(this.group);

		final QueueSource<Integer> toFirst = queue(this.first, this::handleByFirst);

		final QueueSource<Integer> toSecond = queue(this.second, this::handleBySecond);

		int handledByFirst;

		int handledBySecond;

		private static DutyCycle cycle(MainLoopGroup group) {
			LoopSettings settings = new LoopSettings();
			settings.platform = MemoryPlatform.INSTANCE;
			settings.multiplexer = MemoryMultiplexer::new;
			settings.taskCapacity = 2;
			settings.group = group;
			return new DutyCycle(settings);
		}

		private static QueueSource<Integer> queue(DutyCycle cycle, MessageHandler<Integer> handler) {
			QueueSource<Integer> queue = new QueueSource<>(cycle, cycle.queues(), "queue", 2, Overflow.REJECT, handler);
			cycle.queues().add(queue);
			return queue;
		}

		private void handleByFirst(int links) {
			this.handledByFirst++;
			if (links > 0) {
				this.toSecond.send(links - 1);
			}
		}

		private void handleBySecond(int links) {
			this.handledBySecond++;
			if (links > 0) {
				this.toFirst.send(links - 1);
			}
		}

		/** Tells both to stop, who run and are left to the actors to be run on. */
		void stop() {
			this.first.enter(Thread.currentThread(), MainLoopState.RUNNING);
			this.second.enter(Thread.currentThread(), MainLoopState.RUNNING);
			this.group.stop();
			this.first.leave();
			this.second.leave();
		}

		/** Runs a loop to its end. */
		static void run(DutyCycle cycle) {
			cycle.enter(Thread.currentThread(), null);
			cycle.run();
		}

	}

	/** A message goes to and fro while each loop looks whether it may end. */
	@JCStressTest
	@Outcome(id = "2, 1", expect = Expect.ACCEPTABLE, desc = "Both go on until all is handled.")
	@Outcome(expect = Expect.FORBIDDEN, desc = "A loop ended before the other had sent its last message.")
	@State
	public static class Ended {

		private final Pair loops = new Pair();

		/** Begins with a message to the first loop. */
		Ended() {
			this.loops.toFirst.send(2);
			this.loops.stop();
		}

		@Actor
		void first() {
			Pair.run(this.loops.first);
		}

		@Actor
		void second() {
			Pair.run(this.loops.second);
		}

		@Arbiter
		void end(II_Result result) {
			result.r1 = this.loops.handledByFirst;
			result.r2 = this.loops.handledBySecond;
		}

	}

	/**
	 * A loop goes on, as it is started again, while the other looks whether it may end.
	 */
	@JCStressTest
	@Outcome(id = "running, stopped", expect = Expect.ACCEPTABLE, desc = "The other ends without it.")
	@Outcome(expect = Expect.FORBIDDEN, desc = "One of the two is held up.")
	@State
	public static class StartedAgain {

		private final Pair loops = new Pair();

		/** Begins with nothing to handle. */
		StartedAgain() {
			this.loops.stop();
		}

		@Actor
		void again(LL_Result result) {
			this.loops.first.enter(Thread.currentThread(), null);
			this.loops.first.goOn();
			result.r1 = this.loops.first.life().state();
			this.loops.first.leave();
		}

		@Actor
		void other(LL_Result result) {
			Pair.run(this.loops.second);
			result.r2 = this.loops.second.life().state();
		}

	}

}

package dev.mainloop;

import java.time.Duration;

import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.I_Result;
import org.openjdk.jcstress.infra.results.ZI_Result;
import org.openjdk.jcstress.infra.results.ZZ_Result;

/**
 * A whole loop in memory, which is entered and left while another thread changes it.
 */
final class DutyCycleRaces {

	private DutyCycleRaces() {
	}

	private static DutyCycle cycle(MemoryMultiplexer multiplexer) {
		LoopSettings settings = new LoopSettings();
		settings.platform = MemoryPlatform.INSTANCE;
		settings.multiplexer = () -> multiplexer;
		settings.taskCapacity = 2;
		return new DutyCycle(settings);
	}

	private static boolean enter(DutyCycle cycle) {
		try {
			cycle.enter(Thread.currentThread(), MainLoopState.STOPPING);
			return true;
		}
		catch (IllegalStateException ex) {
			return false;
		}
	}

	private static void leave(DutyCycle cycle) {
		if (!cycle.leaveStopped()) {
			cycle.leave();
		}
	}

	/** A loop is closed while its owner leaves it. */
	@JCStressTest
	@Outcome(id = "(true|false), 1", expect = Expect.ACCEPTABLE, desc = "One of the two releases what the loop holds.")
	@Outcome(id = "(true|false), 0", expect = Expect.FORBIDDEN, desc = "Each leaves the release to the other.")
	@Outcome(id = "(true|false), 2", expect = Expect.FORBIDDEN, desc = "Both release it.")
	@State
	public static class LeftAndClosed {

		private final MemoryMultiplexer multiplexer = new MemoryMultiplexer();

		private final DutyCycle cycle = cycle(this.multiplexer);

		@Actor
		void owner(ZI_Result result) {
			result.r1 = enter(this.cycle);
			if (result.r1) {
				leave(this.cycle);
			}
		}

		@Actor
		void closer() {
			this.cycle.close();
		}

		@Arbiter
		void end(ZI_Result result) {
			result.r2 = this.multiplexer.closings();
		}

	}

	/** A source is changed while the owner of its loop leaves. */
	@JCStressTest
	@Outcome(id = "[12]", expect = Expect.ACCEPTABLE, desc = "The change is taken up.")
	@Outcome(id = "0", expect = Expect.FORBIDDEN, desc = "Each leaves the change to the other.")
	@State
	public static class LeftAndChanged {

		private final DutyCycle cycle = cycle(new MemoryMultiplexer());

		private final Source source = new Source(this.cycle);

		@Actor
		void owner() {
			enter(this.cycle);
			leave(this.cycle);
		}

		@Actor
		void thread() {
			this.source.pause();
		}

		@Arbiter
		void end(I_Result result) {
			result.r1 = this.source.settled;
		}

	}

	/** A source is closed, and its handler awaited, while the loop calls the handler. */
	@JCStressTest
	@Outcome(id = "true, false", expect = Expect.ACCEPTABLE, desc = "The handler does not run any more.")
	@Outcome(id = "true, true", expect = Expect.FORBIDDEN, desc = "The handler runs still.")
	@Outcome(id = "false, (true|false)", expect = Expect.FORBIDDEN, desc = "The thread was not told that it has ended.")
	@State
	public static class ClosedAndHandled {

		private final DutyCycle cycle = cycle(new MemoryMultiplexer());

		private final QueueSource<String> queue = new QueueSource<>(this.cycle, this.cycle.queues(), "queue", 2,
				Overflow.REJECT, this::handle);

		private volatile boolean running;

		/** Begins with a message. */
		ClosedAndHandled() {
			this.queue.send("message");
		}

		private void handle(String message) {
			this.running = true;
			this.running = false;
		}

		@Actor
		void owner() {
			enter(this.cycle);
			this.cycle.iterate(0);
			leave(this.cycle);
		}

		@Actor
		void closer(ZZ_Result result) {
			result.r1 = this.queue.close(Duration.ofSeconds(20));
			result.r2 = this.running;
		}

	}

	private static final class Source extends EventSource {

		private final Loop loop;

		private final SourceStatistics statistics = SourceStatistics.ofSingle();

		private int settled;

		Source(Loop loop) {
			super("source");
			this.loop = loop;
		}

		@Override
		public Kind kind() {
			return Kind.QUEUE;
		}

		@Override
		public SourceStatistics statistics() {
			return this.statistics;
		}

		@Override
		Loop loop() {
			return this.loop;
		}

		@Override
		void handle(Object event) {
		}

		@Override
		void paused() {
			loop().settle(this);
		}

		@Override
		void resumed() {
		}

		@Override
		void closed() {
		}

		@Override
		void settle() {
			this.settled++;
		}

	}

}

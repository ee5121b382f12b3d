package dev.mainloop;

import dev.mainloop.fd.FileDescriptor;
import dev.mainloop.multiplexer.Trigger;
import org.jspecify.annotations.Nullable;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.L_Result;

/**
 * An event of a registration that has ended finds nobody, also where its slot has got
 * another registration.
 */
final class DescriptorsRaces {

	private DescriptorsRaces() {
	}

	private static final class Seat implements Watcher {

		private final FileDescriptor fd = new MemoryFileDescriptor();

		@Override
		public FileDescriptor fd() {
			return this.fd;
		}

		@Override
		public Trigger trigger() {
			return Trigger.LEVEL;
		}

		@Override
		public void ready(int readiness) {
		}

	}

	/**
	 * A thread gives the slot of a registration away while the loop looks its token up.
	 */
	@JCStressTest
	@Outcome(id = "old", expect = Expect.ACCEPTABLE, desc = "The registration had not ended.")
	@Outcome(id = "none", expect = Expect.ACCEPTABLE, desc = "The registration has ended.")
	@Outcome(id = "new", expect = Expect.FORBIDDEN, desc = "The event reaches another registration.")
	@State
	public static class ReusedSlot {

		private final MemoryMultiplexer multiplexer = new MemoryMultiplexer();

		private final Descriptors descriptors = new Descriptors(new MemoryLoop(), this.multiplexer);

		private final Watcher former = new Seat();

		private final Watcher latter = new Seat();

		private final long token;

		/** Begins with a registration. */
		ReusedSlot() {
			this.descriptors.add(this.former);
			this.token = this.multiplexer.lastToken();
		}

		@Actor
		void thread() {
			this.descriptors.remove(this.former);
			this.descriptors.add(this.latter);
		}

		@Actor
		void loop(L_Result result) {
			@Nullable Registration found = this.descriptors.find(this.token);
			if (found == null) {
				result.r1 = "none";
			}
			else {
				result.r1 = (found.fd() == this.latter.fd()) ? "new" : "old";
			}
		}

	}

}

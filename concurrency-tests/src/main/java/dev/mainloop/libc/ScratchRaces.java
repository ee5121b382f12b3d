package dev.mainloop.libc;

import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.II_Result;

/**
 * The memory of a system call is its thread's alone until it is given back.
 */
final class ScratchRaces {

	private ScratchRaces() {
	}

	private static int use(int value) {
		try (Scratch scratch = Scratch.take(Integer.BYTES)) {
			scratch.memory().putInt(0, value);
			return scratch.memory().getInt(0);
		}
	}

	/** Two threads that take memory at the same time. */
	@JCStressTest
	@Outcome(id = "1, 2", expect = Expect.ACCEPTABLE, desc = "Each has its own.")
	@Outcome(expect = Expect.FORBIDDEN, desc = "One has written to the memory of the other.")
	@State
	public static class TwoThreads {

		@Actor
		void one(II_Result result) {
			result.r1 = use(1);
		}

		@Actor
		void other(II_Result result) {
			result.r2 = use(2);
		}

	}

}

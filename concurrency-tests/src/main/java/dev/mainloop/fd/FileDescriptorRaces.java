package dev.mainloop.fd;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;

import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.LZ_Result;
import org.openjdk.jcstress.infra.results.Z_Result;

/**
 * The number of a file descriptor goes back to the kernel once, after the last call that
 * has it.
 */
final class FileDescriptorRaces {

	/** The number of no file descriptor, so that to close it does nothing. */
	private static final int NUMBER = Integer.MAX_VALUE;

	/** What the word of the calls is once the number was given back. */
	private static final int GIVEN_BACK = Integer.MIN_VALUE | 1 << 30;

	private static final VarHandle CALLS;

	static {
		try {
			CALLS = MethodHandles.privateLookupIn(FileDescriptor.class, MethodHandles.lookup())
				.findVarHandle(FileDescriptor.class, "calls", int.class);
		}
		catch (ReflectiveOperationException ex) {
			throw new ExceptionInInitializerError(ex);
		}
	}

	private FileDescriptorRaces() {
	}

	private static FileDescriptor open() {
		return new FileDescriptor("file descriptor of no file", () -> NUMBER);
	}

	private static boolean isGivenBack(FileDescriptor fd) {
		return (int) CALLS.getVolatile(fd) == GIVEN_BACK;
	}

	/** A call against a thread that closes. */
	@JCStressTest
	@Outcome(id = "refused, true", expect = Expect.ACCEPTABLE, desc = "The call comes too late.")
	@Outcome(id = "called, true", expect = Expect.ACCEPTABLE, desc = "The number is given back after the call.")
	@Outcome(id = "closed during the call, (true|false)", expect = Expect.FORBIDDEN,
			desc = "The call may reach another file.")
	@Outcome(id = ".*, false", expect = Expect.FORBIDDEN, desc = "The number is never given back.")
	@State
	public static class CalledAndClosed {

		private final FileDescriptor fd = open();

		@Actor
		void call(LZ_Result result) {
			try {
				this.fd.acquire();
			}
			catch (IllegalStateException ex) {
				result.r1 = "refused";
				return;
			}
			result.r1 = isGivenBack(this.fd) ? "closed during the call" : "called";
			this.fd.release();
		}

		@Actor
		void closer() {
			this.fd.close();
		}

		@Arbiter
		void end(LZ_Result result) {
			result.r2 = isGivenBack(this.fd);
		}

	}

	/** Two threads close while a call is in progress, which ends then. */
	@JCStressTest
	@Outcome(id = "true", expect = Expect.ACCEPTABLE, desc = "The number is given back.")
	@Outcome(id = "false", expect = Expect.FORBIDDEN, desc = "The number is never given back.")
	@State
	public static class TwoClosers {

		private final FileDescriptor fd = open();

		/** Begins with a call in progress. */
		TwoClosers() {
			this.fd.acquire();
		}

		@Actor
		void closer() {
			this.fd.close();
		}

		@Actor
		void call() {
			this.fd.release();
			this.fd.close();
		}

		@Arbiter
		void end(Z_Result result) {
			result.r1 = isGivenBack(this.fd);
		}

	}

}

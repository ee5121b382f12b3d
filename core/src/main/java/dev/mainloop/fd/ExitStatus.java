package dev.mainloop.fd;

import java.util.Optional;
import java.util.OptionalInt;

/**
 * How a process has ended, see {@code wait(2)}.
 *
 * @param code what it has returned, from 0 to 255, or empty if a signal has ended it, or
 * it is not known how it has ended
 * @param signal the signal that has ended it, if one has; both are there where only the
 * JVM knows how it has ended, for which an exit with 137 and {@code SIGKILL} are the same
 * @param coreDumped whether that has left a core dump
 */
public record ExitStatus(OptionalInt code, Optional<Signal> signal, boolean coreDumped) {

	/** It is not known how the process has ended. */
	public static final ExitStatus UNKNOWN = new ExitStatus(OptionalInt.empty(), Optional.empty(), false);

	private static final int SIGNAL_BITS = 0x7F;

	private static final int CORE_DUMPED = 0x80;

	private static final int CODE_BITS = 0xFF;

	/** What the JVM adds to the number of a signal. */
	private static final int JVM_SIGNAL = 0x80;

	private static final int LAST_SIGNAL = 64;

	/**
	 * Creates the status of a process that has ended by itself.
	 * @param code what it has returned
	 * @return the status
	 */
	public static ExitStatus exited(int code) {
		return new ExitStatus(OptionalInt.of(code), Optional.empty(), false);
	}

	/**
	 * Creates the status of a process that a signal has ended.
	 * @param signal the signal
	 * @return the status, without a core dump
	 */
	public static ExitStatus killed(Signal signal) {
		return new ExitStatus(OptionalInt.empty(), Optional.of(signal), false);
	}

	/** Reads a status of {@code wait(2)}. */
	static ExitStatus of(int status) {
		int signal = status & SIGNAL_BITS;
		if (signal == 0) {
			return exited(status >> Byte.SIZE & CODE_BITS);
		}
		return new ExitStatus(OptionalInt.empty(), Optional.of(signal(signal)), (status & CORE_DUMPED) != 0);
	}

	/**
	 * Reads what the JVM tells of its child, which may have either returned that or been
	 * ended by a signal.
	 * @param exitValue of {@link Process#exitValue()}
	 * @return the status
	 */
	public static ExitStatus ofJvm(int exitValue) {
		int signal = exitValue - JVM_SIGNAL;
		boolean either = signal > 0 && signal <= LAST_SIGNAL;
		return new ExitStatus(OptionalInt.of(exitValue), either ? Optional.of(signal(signal)) : Optional.empty(),
				false);
	}

	/** Also of those that the C library keeps, which {@link Signal#of(int)} refuses. */
	private static Signal signal(int number) {
		return (number == 32 || number == 33) ? new Signal("SIG" + number, number) : Signal.of(number);
	}

	/**
	 * Tells whether it has ended with 0.
	 * @return {@code false} also if it is not known how it has ended
	 */
	public boolean isSuccess() {
		return this.code.isPresent() && this.code.getAsInt() == 0;
	}

	/**
	 * Says how it has ended.
	 * @return a text such as {@code exit 3}, {@code killed by SIGKILL},
	 * {@code killed by SIGSEGV (core dumped)} or {@code unknown}
	 */
	@Override
	public String toString() {
		String killed = this.signal.map((signal) -> "killed by " + signal + (this.coreDumped ? " (core dumped)" : ""))
			.orElse("");
		if (this.code.isEmpty()) {
			return killed.isEmpty() ? "unknown" : killed;
		}
		return "exit " + this.code.getAsInt() + (killed.isEmpty() ? "" : " or " + killed);
	}

}

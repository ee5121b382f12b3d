package dev.mainloop.fd;

import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import dev.mainloop.log.LogText;

/**
 * A signal by name and number, see {@code signal(7)}.
 *
 * @param name the name with {@code SIG}, such as {@code SIGHUP} or {@code SIGRTMIN+1}
 * @param number the number on Linux for x86-64, AArch64 and RISC-V
 */
public record Signal(String name, int number) implements Comparable<Signal> {

	private static final List<String> NAMES = List.of("HUP", "INT", "QUIT", "ILL", "TRAP", "ABRT", "BUS", "FPE", "KILL",
			"USR1", "SEGV", "USR2", "PIPE", "ALRM", "TERM", "STKFLT", "CHLD", "CONT", "STOP", "TSTP", "TTIN", "TTOU",
			"URG", "XCPU", "XFSZ", "VTALRM", "PROF", "WINCH", "IO", "PWR", "SYS");

	/** The first real-time signal that the C library leaves to programs. */
	private static final int RTMIN = 34;

	private static final int RTMAX = 64;

	private static final Pattern REALTIME = Pattern.compile("RT(MIN|MAX)(?:([+-])(\\d{1,2}))?");

	/**
	 * Finds a signal by name.
	 * @param name a name of {@code signal(7)} with or without {@code SIG}, in any case,
	 * such as {@code HUP}, {@code SIGUSR1} or {@code SIGRTMIN+3}
	 * @return the signal
	 * @throws IllegalArgumentException if there is none of that name
	 */
	public static Signal of(String name) {
		String upper = name.trim().toUpperCase(Locale.ROOT);
		String bare = upper.startsWith("SIG") ? upper.substring(3) : upper;
		int index = NAMES.indexOf(bare);
		if (index >= 0) {
			return of(index + 1);
		}
		Matcher matcher = REALTIME.matcher(bare);
		if (matcher.matches()) {
			int offset = (matcher.group(3) != null) ? Integer.parseInt(matcher.group(3)) : 0;
			int base = "MIN".equals(matcher.group(1)) ? RTMIN : RTMAX;
			int number = "-".equals(matcher.group(2)) ? base - offset : base + offset;
			if (number >= RTMIN && number <= RTMAX) {
				return of(number);
			}
		}
		throw new IllegalArgumentException(
				"'%s' is not a signal: use a name of signal(7), such as SIGHUP, USR1 or SIGRTMIN+1 (up to SIGRTMAX)"
					.formatted(LogText.of(name)));
	}

	/**
	 * Finds a signal by number.
	 * @param number a number from 1 to 64, other than 32 and 33, which the C library
	 * keeps
	 * @return the signal
	 * @throws IllegalArgumentException if there is none of that number
	 */
	public static Signal of(int number) {
		if (number >= 1 && number <= NAMES.size()) {
			return new Signal("SIG" + NAMES.get(number - 1), number);
		}
		if (number >= RTMIN && number <= RTMAX) {
			return new Signal((number == RTMIN) ? "SIGRTMIN" : "SIGRTMIN+" + (number - RTMIN), number);
		}
		throw new IllegalArgumentException(number + " is not the number of a signal that a program can use");
	}

	/**
	 * Tells whether this is a real-time signal, of which the kernel queues each one sent.
	 * @return {@code false} for a standard signal, of which only one can be pending
	 */
	public boolean isRealTime() {
		return this.number >= RTMIN;
	}

	/**
	 * Returns the name without {@code SIG}, as {@code kill(1)} takes it.
	 * @return the name, such as {@code HUP}
	 */
	public String bareName() {
		return this.name.substring(3);
	}

	@Override
	public int compareTo(Signal other) {
		return Integer.compare(this.number, other.number);
	}

	@Override
	public String toString() {
		return this.name;
	}

}

package dev.mainloop;

import java.util.BitSet;
import java.util.Objects;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

import dev.mainloop.libc.CpuMask;
import dev.mainloop.log.LogText;

/**
 * Some CPUs by their numbers, at least one, written as the kernel lists them: numbers and
 * ranges between commas, as {@code 2-5,8}, see "List format" in {@code cpuset(7)}.
 * Immutable.
 */
public final class CpuSet {

	/** More than any kernel has. */
	private static final int LIMIT = 1 << 16;

	private static final Pattern RANGE = Pattern.compile("\\s*(\\d{1,5})(?:-(\\d{1,5}))?\\s*");

	private final BitSet cpus;

	private CpuSet(BitSet cpus) {
		this.cpus = cpus;
	}

	/**
	 * Reads a list of CPUs. They may come in any order and more than once, with white
	 * space around each entry.
	 * @param text the list, such as {@code 2-5,8}
	 * @return the CPUs
	 * @throws IllegalArgumentException if the text is no such list
	 */
	public static CpuSet parse(String text) {
		Objects.requireNonNull(text, "'text' must not be null");
		BitSet cpus = new BitSet();
		for (String range : text.split(",", -1)) {
			Matcher matcher = RANGE.matcher(range);
			if (!matcher.matches()) {
				throw invalid(text, "numbers and ranges of numbers between commas");
			}
			int first = Integer.parseInt(matcher.group(1));
			int last = (matcher.group(2) != null) ? Integer.parseInt(matcher.group(2)) : first;
			if (last < first) {
				throw invalid(text, "ranges that do not begin after their end");
			}
			if (last >= LIMIT) {
				throw invalid(text, "numbers less than " + LIMIT);
			}
			cpus.set(first, last + 1);
		}
		return new CpuSet(cpus);
	}

	private static IllegalArgumentException invalid(String text, String rule) {
		return new IllegalArgumentException(
				"'%s' is not a list of CPUs, which has %s, such as '2-5,8' or '0'".formatted(LogText.of(text), rule));
	}

	/** Asks the kernel where threads may run that nobody has pinned. */
	static CpuSet ofProcess() {
		// The first thread, which the launcher of the JVM leaves alone.
		return of(CpuMask.ofThread(Math.toIntExact(ProcessHandle.current().pid())));
	}

	static CpuSet of(CpuMask mask) {
		return new CpuSet(mask.cpus());
	}

	CpuMask toMask() {
		return CpuMask.of(this.cpus);
	}

	/**
	 * Tells whether a CPU is among these.
	 * @param cpu its number, zero or more
	 * @return {@code true} if it is
	 */
	public boolean contains(int cpu) {
		return this.cpus.get(cpu);
	}

	/**
	 * Tells whether other CPUs are all among these.
	 * @param others the other ones
	 * @return {@code true} if they are
	 */
	public boolean containsAll(CpuSet others) {
		BitSet missing = (BitSet) others.cpus.clone();
		missing.andNot(this.cpus);
		return missing.isEmpty();
	}

	/**
	 * Counts the CPUs.
	 * @return how many there are, one or more
	 */
	public int size() {
		return this.cpus.cardinality();
	}

	@Override
	public boolean equals(Object other) {
		return other instanceof CpuSet set && set.cpus.equals(this.cpus);
	}

	@Override
	public int hashCode() {
		return this.cpus.hashCode();
	}

	/** Returns the list, in ascending order and with as few entries as there can be. */
	@Override
	public String toString() {
		return this.cpus.stream()
			.filter((cpu) -> cpu == 0 || !this.cpus.get(cpu - 1))
			.mapToObj((first) -> range(first, this.cpus.nextClearBit(first) - 1))
			.collect(Collectors.joining(","));
	}

	private static String range(int first, int last) {
		return (first == last) ? Integer.toString(first) : first + "-" + last;
	}

}

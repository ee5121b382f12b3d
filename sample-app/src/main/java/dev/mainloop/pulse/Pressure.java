package dev.mainloop.pulse;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * How long tasks of the host had to wait for a resource, in percent of the last ten
 * seconds; see {@code Documentation/accounting/psi.rst} of the kernel.
 *
 * @param cpu for a processor
 * @param memory for memory
 * @param io for a disk
 */
record Pressure(double cpu, double memory, double io) {

	private static final Pattern SOME_AVG10 = Pattern.compile("^some avg10=(\\d+\\.\\d+) ");

	/**
	 * Reads one file of {@code /proc/pressure}.
	 * @param text what is in the file
	 * @return the percentage
	 */
	static double parse(String text) {
		Matcher matcher = SOME_AVG10.matcher(text);
		if (!matcher.find()) {
			throw new IllegalArgumentException("'%s' has no 'some avg10'".formatted(text.strip()));
		}
		return Double.parseDouble(matcher.group(1));
	}

}

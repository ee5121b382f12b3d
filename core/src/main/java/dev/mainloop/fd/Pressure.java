package dev.mainloop.fd;

import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import org.jspecify.annotations.Nullable;

/**
 * How long tasks had to wait for a resource, see {@code Documentation/accounting/psi.rst}
 * of the kernel.
 *
 * @param some when some of them had to
 * @param full when all that could run had to, {@code null} where the kernel does not tell
 */
public record Pressure(Share some, @Nullable Share full) {

	private static final Pattern LINE = Pattern
		.compile("(some|full) avg10=([\\d.]+) avg60=([\\d.]+) avg300=([\\d.]+) total=(\\d+)");

	/**
	 * Reads what a file of the kernel has.
	 * @param text the text
	 * @return the pressure
	 * @throws IllegalArgumentException if that is something else
	 */
	public static Pressure parse(String text) {
		Share some = null;
		Share full = null;
		Matcher matcher = LINE.matcher(text);
		while (matcher.find()) {
			Share share = new Share(Double.parseDouble(matcher.group(2)), Double.parseDouble(matcher.group(3)),
					Double.parseDouble(matcher.group(4)),
					Duration.of(Long.parseLong(matcher.group(5)), ChronoUnit.MICROS));
			if (matcher.group(1).equals("some")) {
				some = share;
			}
			else {
				full = share;
			}
		}
		if (some == null) {
			throw new IllegalArgumentException("'%s' has no line of the time that some tasks wait".formatted(text));
		}
		return new Pressure(some, full);
	}

	/**
	 * A share of the time.
	 *
	 * @param avg10 of the last 10 s, in percent
	 * @param avg60 of the last 60 s, in percent
	 * @param avg300 of the last 300 s, in percent
	 * @param total all in all, since the boot
	 */
	public record Share(double avg10, double avg60, double avg300, Duration total) {

	}

}

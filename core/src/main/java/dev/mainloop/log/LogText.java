package dev.mainloop.log;

import java.util.HexFormat;

import org.jspecify.annotations.Nullable;

/**
 * Makes text of anything, fit for a line of a log or for the message of an error, whoever
 * has written it. The text has a bounded length. Characters that end a line, command a
 * terminal, reverse the direction or do not show are written as the escape sequences of
 * Java, as <code>&#92;u000a</code>: those of the Unicode categories Cc, Cf, Zl, Zp and
 * Cs. May be used by any thread.
 */
public final class LogText {

	/** How many characters are taken, unless another number is asked for. */
	public static final int MAX_LENGTH = 500;

	private LogText() {
	}

	/**
	 * Makes text of what {@code toString()} says of a value, or of its class where that
	 * fails.
	 * @param value the value
	 * @return the text; the string itself where it is one that is fit already
	 */
	public static String of(@Nullable Object value) {
		return of(value, MAX_LENGTH);
	}

	/**
	 * Makes text of what {@code toString()} says of a value, or of its class where that
	 * fails.
	 * @param value the value
	 * @param maxLength how many characters of it are taken, 1 or more; each may become
	 * six
	 * @return the text; the string itself where it is one that is fit already
	 */
	public static String of(@Nullable Object value, int maxLength) {
		return (value != null) ? printable(text(value), maxLength) : "null";
	}

	private static String text(Object value) {
		try {
			String text = value.toString();
			if (text != null) {
				return text;
			}
		}
		catch (Throwable ex) {
			// Whatever is to be logged matters more than why it cannot be written.
		}
		return "an object of %s, whose toString() failed".formatted(value.getClass().getName());
	}

	private static String printable(String text, int maxLength) {
		int end = end(text, maxLength);
		int fit = 0;
		while (fit < end && isFit(text.codePointAt(fit))) {
			fit += Character.charCount(text.codePointAt(fit));
		}
		return (fit == text.length()) ? text : escaped(text, fit, end);
	}

	/** Returns where to cut a text, which is not between two halves of a character. */
	private static int end(String text, int maxLength) {
		if (text.length() <= maxLength) {
			return text.length();
		}
		return Character.isHighSurrogate(text.charAt(maxLength - 1)) ? maxLength - 1 : maxLength;
	}

	private static String escaped(String text, int fit, int end) {
		StringBuilder escaped = new StringBuilder(end + 16).append(text, 0, fit);
		int size;
		for (int i = fit; i < end; i += size) {
			int codePoint = text.codePointAt(i);
			size = Character.charCount(codePoint);
			if (isFit(codePoint)) {
				escaped.appendCodePoint(codePoint);
			}
			else {
				text.substring(i, i + size).chars().forEach((unit) -> escape(escaped, (char) unit));
			}
		}
		return ((end < text.length()) ? escaped.append("...") : escaped).toString();
	}

	private static void escape(StringBuilder escaped, char unit) {
		escaped.append("\\u").append(HexFormat.of().toHexDigits(unit));
	}

	private static boolean isFit(int codePoint) {
		return switch (Character.getType(codePoint)) {
			case Character.CONTROL, Character.FORMAT, Character.LINE_SEPARATOR, Character.PARAGRAPH_SEPARATOR,
					Character.SURROGATE ->
				false;
			default -> true;
		};
	}

}

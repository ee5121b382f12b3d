package dev.mainloop.handler;

import java.util.Collection;
import java.util.Comparator;
import java.util.Locale;
import java.util.Optional;

/**
 * Finds what a misspelt name was probably meant to be.
 */
public final class NearestName {

	private NearestName() {
	}

	/**
	 * Finds the name that takes the fewest changes of letters, and not more than half of
	 * them.
	 * @param name the name
	 * @param known those that there are
	 * @return the nearest of them but the name itself, or nothing if none is near
	 */
	public static Optional<String> of(String name, Collection<String> known) {
		return known.stream()
			.filter((other) -> !other.isEmpty() && !other.equals(name))
			.filter((other) -> 2 * distance(name, other) <= Math.max(name.length(), other.length()))
			.min(Comparator.comparingInt((String other) -> distance(name, other))
				.thenComparing(Comparator.naturalOrder()));
	}

	/** Counts letters to insert, delete, replace or exchange with the next one. */
	private static int distance(String first, String second) {
		String a = first.toLowerCase(Locale.ROOT);
		String b = second.toLowerCase(Locale.ROOT);
		int[][] distances = new int[a.length() + 1][b.length() + 1];
		for (int i = 0; i <= a.length(); i++) {
			for (int j = 0; j <= b.length(); j++) {
				distances[i][j] = (i == 0 || j == 0) ? i + j : distance(a, i, b, j, distances);
			}
		}
		return distances[a.length()][b.length()];
	}

	private static int distance(String a, int i, String b, int j, int[][] distances) {
		int replaced = distances[i - 1][j - 1] + ((a.charAt(i - 1) == b.charAt(j - 1)) ? 0 : 1);
		int least = Math.min(replaced, 1 + Math.min(distances[i - 1][j], distances[i][j - 1]));
		boolean exchanged = i > 1 && j > 1 && a.charAt(i - 1) == b.charAt(j - 2) && a.charAt(i - 2) == b.charAt(j - 1);
		return exchanged ? Math.min(least, 1 + distances[i - 2][j - 2]) : least;
	}

}

package dev.mainloop.duplicates;

import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

import dev.mainloop.log.LogText;

/**
 * What is printed at the end, the largest files first.
 */
class Report {

	private static final int LONGEST_LINE = 8192;

	private static final Comparator<Content> LARGEST_FIRST = Comparator.comparingLong(Content::size)
		.reversed()
		.thenComparing(Content::checksum);

	private final PrintWriter out;

	Report(PrintWriter out) {
		this.out = out;
	}

	void print(List<Findings> findings, List<String> unvisited) {
		Map<Content, List<Path>> equal = new TreeMap<>(LARGEST_FIRST);
		findings.forEach((some) -> equal.putAll(some.equal()));
		equal.forEach(this::print);
		unvisited.forEach(this::printUnreadable);
		findings.forEach((some) -> some.unreadable().forEach(this::printUnreadable));
		findings.stream()
			.sorted(Comparator.comparing(Findings::loop))
			.forEach((some) -> this.out.printf("%s: %d files, of which %d bytes were read%n", some.loop(), some.files(),
					some.bytes()));
		this.out.printf("%d files, %d duplicates with %d bytes, %d could not be read%n",
				findings.stream().mapToInt(Findings::files).sum(),
				equal.values().stream().mapToInt(Report::duplicates).sum(),
				equal.entrySet()
					.stream()
					.mapToLong((entry) -> entry.getKey().size() * duplicates(entry.getValue()))
					.sum(),
				unvisited.size() + findings.stream().mapToInt((some) -> some.unreadable().size()).sum());
	}

	private void print(Content content, List<Path> paths) {
		this.out.printf("%d files of %d bytes are equal:%n", paths.size(), content.size());
		paths.stream().sorted().forEach((path) -> this.out.println("  " + LogText.of(path, LONGEST_LINE)));
	}

	private void printUnreadable(String unreadable) {
		this.out.println("Cannot read " + LogText.of(unreadable, LONGEST_LINE));
	}

	/** Counts those that could be done without. */
	private static int duplicates(List<Path> equal) {
		return equal.size() - 1;
	}

}

package dev.mainloop.benchmarks.program;

import java.io.PrintWriter;
import java.util.Locale;

/**
 * Lines with a name and a number.
 */
final class Output {

	private static final PrintWriter out = new PrintWriter(System.out, true);

	private Output() {
	}

	static void line(String line) {
		out.println(line);
	}

	static void number(String name, double number) {
		out.printf(Locale.ROOT, "%s %.3f%n", name, number);
	}

}

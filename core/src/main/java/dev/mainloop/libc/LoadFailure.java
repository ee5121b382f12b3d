package dev.mainloop.libc;

import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;

import dev.mainloop.log.LogText;

/**
 * Why jffi could not load its native library. That is told by the text of its error, as
 * the class is always the same.
 */
enum LoadFailure {

	ACCESS_DENIED(List.of("IllegalCallerException", "Illegal native access"), "the JVM denies native access",
			"Start the JVM with --enable-native-access=ALL-UNNAMED, or have the manifest of the executable jar say "
					+ "'Enable-Native-Access: ALL-UNNAMED'."),

	NO_PROCESSOR(List.of("could not locate stub library", "cannot determine CPU"),
			"jffi has no library for this processor",
			"Run the application on x86-64, AArch64 or RISC-V, with a JVM for that processor."),

	OTHER_LIBC(List
		.of("GLIBC_", "ld-linux", "libc.so", "Error relocating", "Error loading shared library", "symbol not found"),
			"the library of jffi needs another C library than this host has",
			"Run the application where there is a current glibc, for instance in a container image of Debian, Ubuntu or "
					+ "Red Hat, and not of Alpine Linux, which has musl."),

	NOT_EXTRACTED(List.of("failed to map segment", "Unable to write", "Unable to execute"),
			"jffi extracts its library to the temporary directory, which is %s, or else to the working directory, and "
					+ "neither lets it be both written and executed",
			"Name a directory that can be written, and is not mounted with 'noexec', by -Djava.io.tmpdir; or put the "
					+ "libjffi-1.2.so of the jar of jffi into a directory of the image, and name that by "
					+ "-Djffi.boot.library.path."),

	OTHER(List.of(""), "jffi cannot load its library", "See what the error says of the library.");

	private static final int MAX_CAUSES = 10;

	/** What each line of an error begins with, some of them twice. */
	private static final String ERROR = "java.lang.UnsatisfiedLinkError: ";

	private final List<String> marks;

	private final String cause;

	private final String remedy;

	LoadFailure(List<String> marks, String cause, String remedy) {
		this.marks = marks;
		this.cause = cause;
		this.remedy = remedy;
	}

	/**
	 * Explains an error.
	 * @param error the error of jffi
	 * @return what it means, with its decisive line, and what helps
	 */
	static Unavailability explain(Throwable error) {
		List<String> lines = Stream.iterate(error, Objects::nonNull, Throwable::getCause)
			.limit(MAX_CAUSES)
			.flatMap((cause) -> cause.toString().lines())
			.toList();
		return Arrays.stream(values()).flatMap((failure) -> failure.explain(lines)).findFirst().orElseThrow();
	}

	private Stream<Unavailability> explain(List<String> lines) {
		return this.marks.stream()
			.flatMap((mark) -> lines.stream().filter((line) -> line.contains(mark)))
			.limit(1)
			.map((line) -> new Unavailability(this.cause.formatted(System.getProperty("java.io.tmpdir")) + ": "
					+ LogText.of(line.replace(ERROR, "").strip()), this.remedy));
	}

}

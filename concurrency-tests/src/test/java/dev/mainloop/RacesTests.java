package dev.mainloop;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;

import org.junit.jupiter.api.Test;
import org.openjdk.jcstress.Main;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Runs all races, each in a JVM of its own: briefly, or in the mode of jcstress that the
 * property {@code mainloop.stress} names, with every kind of compilation and scheduling.
 */
class RacesTests {

	private static final Path RESULTS = Path.of("target", "races").toAbsolutePath();

	/** All, but where there is no Linux those that call the C library. */
	private static final String SELECTION = System.getProperty("os.name").equals("Linux") ? "^dev\\.mainloop\\."
			: "^dev\\.mainloop\\.(?!fd\\.|libc\\.)";

	private static final Pattern SUMMARY = Pattern
		.compile("\\(Results: (\\d+) planned; (\\d+) passed, (\\d+) failed, (\\d+) soft errs, (\\d+) hard errs\\)");

	@Test
	void racesShouldHaveOnlyAcceptableOutcomes() throws Exception {
		Path output = Files.createDirectories(RESULTS).resolve("output.txt");
		Process process = new ProcessBuilder(command()).directory(RESULTS.toFile())
			.redirectErrorStream(true)
			.redirectOutput(output.toFile())
			.start();
		int exitCode = process.waitFor();
		String text = Files.readString(output);
		assertThat(exitCode).as(text).isZero();
		List<MatchResult> summaries = SUMMARY.matcher(text).results().toList();
		assertThat(summaries).as(text).isNotEmpty();
		MatchResult last = summaries.get(summaries.size() - 1);
		assertThat(number(last, 1)).as("races that were planned").isGreaterThanOrEqualTo(races());
		assertThat(number(last, 2)).as("races that passed").isEqualTo(number(last, 1));
	}

	private static List<String> command() {
		List<String> command = new ArrayList<>(
				List.of(Path.of(System.getProperty("java.home"), "bin", "java").toString(), "-cp",
						System.getProperty("java.class.path"), Main.class.getName(), "-r", RESULTS.toString(), "-t",
						SELECTION));
		String mode = System.getProperty("mainloop.stress", "");
		if (mode.isEmpty()) {
			command.addAll(List.of("-time", "100", "-iters", "2", "-sc", "false", "-af", "NONE", "-pth", "false",
					"-jvmArgs", "-XX:+UseSerialGC"));
		}
		else {
			command.addAll(List.of("-m", mode));
		}
		return command;
	}

	private static int number(MatchResult result, int group) {
		return Integer.parseInt(result.group(group));
	}

	private static int races() throws IOException {
		try (InputStream list = RacesTests.class.getResourceAsStream("/META-INF/TestList")) {
			assertThat(list).as("the list of races").isNotNull();
			Pattern selection = Pattern.compile(SELECTION.substring(1));
			return (int) new String(list.readAllBytes(), StandardCharsets.UTF_8).lines()
				.filter((line) -> selection.matcher(line).find())
				.count();
		}
	}

}

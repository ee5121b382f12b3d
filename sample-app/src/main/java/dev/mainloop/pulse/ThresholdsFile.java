package dev.mainloop.pulse;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.concurrent.CompletableFuture;

import dev.mainloop.file.AsyncFiles;

import org.springframework.stereotype.Component;

/**
 * The file with the thresholds: a line such as {@code cpu=90.0} for each that is not to
 * have its default.
 */
@Component
class ThresholdsFile {

	private static final int MAX_BYTES = 64 * 1024;

	private final Path path;

	ThresholdsFile(PulseProperties properties) {
		this.path = properties.thresholds();
	}

	Path path() {
		return this.path;
	}

	/**
	 * Reads the file, which is made with the defaults when it is missing.
	 * @return the thresholds
	 * @throws IOException if the file cannot be read or made
	 * @throws IllegalArgumentException if a line in it is wrong
	 */
	Thresholds read() throws IOException {
		PrivateDirectory.of(this.path);
		if (Files.notExists(this.path, LinkOption.NOFOLLOW_LINKS)) {
			Files.writeString(this.path, format(Thresholds.DEFAULTS), StandardOpenOption.CREATE_NEW);
		}
		try (InputStream file = Files.newInputStream(this.path, LinkOption.NOFOLLOW_LINKS)) {
			return parse(new String(file.readNBytes(MAX_BYTES), StandardCharsets.UTF_8));
		}
	}

	/**
	 * Reads the file apart from the loop.
	 * @param files the files of the loop
	 * @return the thresholds, or why the file cannot be read or a line in it is wrong
	 */
	CompletableFuture<Thresholds> read(AsyncFiles files) {
		return files.readAllBytes(this.path, MAX_BYTES, LinkOption.NOFOLLOW_LINKS)
			.thenApply((bytes) -> parse(new String(bytes, StandardCharsets.UTF_8)));
	}

	static Thresholds parse(String text) {
		Thresholds thresholds = Thresholds.DEFAULTS;
		for (String line : text.lines().map(String::strip).toList()) {
			if (!line.isEmpty() && !line.startsWith("#")) {
				thresholds = parseLine(thresholds, line);
			}
		}
		return thresholds;
	}

	private static Thresholds parseLine(Thresholds thresholds, String line) {
		String[] parts = line.split("=", 2);
		try {
			if (parts.length < 2) {
				throw new IllegalArgumentException("it is not like cpu=90.0");
			}
			Metric metric = Metric.named(parts[0].strip());
			return thresholds.with(metric, metric.parseThreshold(parts[1].strip()));
		}
		catch (IllegalArgumentException ex) {
			throw new IllegalArgumentException("the line '%s' is wrong: %s".formatted(line, ex.getMessage()), ex);
		}
	}

	static String format(Thresholds thresholds) {
		StringBuilder text = new StringBuilder();
		for (Metric metric : Metric.values()) {
			text.append(metric).append('=').append(thresholds.of(metric)).append('\n');
		}
		return text.toString();
	}

}

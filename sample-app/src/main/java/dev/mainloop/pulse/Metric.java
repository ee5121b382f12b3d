package dev.mainloop.pulse;

import java.util.Arrays;
import java.util.Locale;
import java.util.function.ToDoubleFunction;
import java.util.regex.Pattern;

/**
 * What has a threshold.
 */
enum Metric {

	/** How busy the processors are, in percent. */
	CPU(Sample::cpu, 100),

	/** How much of the memory is in use, in percent. */
	MEMORY(Sample::memory, 100),

	/** How many tasks run or wait to run. */
	LOAD(Sample::load, 1_000_000);

	private static final Pattern NUMBER = Pattern.compile("\\d{1,9}(\\.\\d{1,9})?");

	private final ToDoubleFunction<Sample> value;

	private final int limit;

	Metric(ToDoubleFunction<Sample> value, int limit) {
		this.value = value;
		this.limit = limit;
	}

	static Metric named(String name) {
		return Arrays.stream(values())
			.filter((metric) -> metric.toString().equals(name))
			.findFirst()
			.orElseThrow(() -> new IllegalArgumentException("'%s' is none of cpu, memory, load".formatted(name)));
	}

	double of(Sample sample) {
		return this.value.applyAsDouble(sample);
	}

	double parseThreshold(String text) {
		double threshold = NUMBER.matcher(text).matches() ? Double.parseDouble(text) : -1;
		if (threshold < 0 || threshold > this.limit) {
			throw new IllegalArgumentException("'%s' is no number from 0 to %d".formatted(text, this.limit));
		}
		return threshold;
	}

	@Override
	public String toString() {
		return name().toLowerCase(Locale.ROOT);
	}

}

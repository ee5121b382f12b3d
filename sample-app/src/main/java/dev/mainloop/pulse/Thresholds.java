package dev.mainloop.pulse;

/**
 * The values that are not to be exceeded.
 *
 * @param cpu of {@link Metric#CPU}
 * @param memory of {@link Metric#MEMORY}
 * @param load of {@link Metric#LOAD}
 */
record Thresholds(double cpu, double memory, double load) {

	static final Thresholds DEFAULTS = new Thresholds(90, 90, 8);

	double of(Metric metric) {
		return switch (metric) {
			case CPU -> this.cpu;
			case MEMORY -> this.memory;
			case LOAD -> this.load;
		};
	}

	Thresholds with(Metric metric, double threshold) {
		return switch (metric) {
			case CPU -> new Thresholds(threshold, this.memory, this.load);
			case MEMORY -> new Thresholds(this.cpu, threshold, this.load);
			case LOAD -> new Thresholds(this.cpu, this.memory, threshold);
		};
	}

}

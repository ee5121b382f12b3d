package dev.mainloop.pulse;

import java.time.Instant;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link Crossings}.
 */
class CrossingsTests {

	private static final Instant NOW = Instant.parse("2026-01-01T00:00:00Z");

	private final Crossings crossings = new Crossings();

	private Thresholds thresholds = Thresholds.DEFAULTS;

	@Test
	void thresholdShouldBeCrossedOnceUntilTheValueIsBelowAgain() {
		assertThat(this.crossings.find(cpu(90), this.thresholds)).isEmpty();
		assertThat(this.crossings.find(cpu(91), this.thresholds)).containsExactly(new Alert(NOW, Metric.CPU, 91, 90));
		assertThat(this.crossings.find(cpu(99), this.thresholds)).isEmpty();
		assertThat(this.crossings.find(cpu(90), this.thresholds)).isEmpty();
		assertThat(this.crossings.find(cpu(95), this.thresholds)).containsExactly(new Alert(NOW, Metric.CPU, 95, 90));
	}

	@Test
	void lowerThresholdShouldBeCrossedByTheSameValue() {
		assertThat(this.crossings.find(cpu(50), this.thresholds)).isEmpty();
		this.thresholds = this.thresholds.with(Metric.CPU, 40);
		assertThat(this.crossings.find(cpu(50), this.thresholds)).containsExactly(new Alert(NOW, Metric.CPU, 50, 40));
		this.thresholds = this.thresholds.with(Metric.CPU, 60);
		assertThat(this.crossings.find(cpu(50), this.thresholds)).isEmpty();
		this.thresholds = this.thresholds.with(Metric.CPU, 40);
		assertThat(this.crossings.find(cpu(50), this.thresholds)).hasSize(1);
	}

	@Test
	void metricsShouldBeIndependent() {
		assertThat(this.crossings.find(new Sample(NOW, 99, 98, 1, null), this.thresholds)).extracting(Alert::metric)
			.containsExactly(Metric.CPU, Metric.MEMORY);
		assertThat(this.crossings.find(new Sample(NOW, 99, 98, 9, null), this.thresholds)).extracting(Alert::metric)
			.containsExactly(Metric.LOAD);
	}

	private static Sample cpu(double percent) {
		return new Sample(NOW, percent, 10, 1, null);
	}

}

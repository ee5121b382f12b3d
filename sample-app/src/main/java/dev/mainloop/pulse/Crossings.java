package dev.mainloop.pulse;

import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;

/**
 * Finds where a metric has come to exceed its threshold. It is not found again before it
 * was below.
 */
class Crossings {

	private final Set<Metric> exceeded = EnumSet.noneOf(Metric.class);

	List<Alert> find(Sample sample, Thresholds thresholds) {
		List<Alert> alerts = new ArrayList<>();
		for (Metric metric : Metric.values()) {
			double value = metric.of(sample);
			double threshold = thresholds.of(metric);
			if (value <= threshold) {
				this.exceeded.remove(metric);
			}
			else if (this.exceeded.add(metric)) {
				alerts.add(new Alert(sample.time(), metric, value, threshold));
			}
		}
		return alerts;
	}

}

package dev.mainloop.pulse;

import java.time.Instant;

/**
 * Tells that a metric has come to exceed its threshold.
 *
 * @param time when it was noticed
 * @param metric the metric
 * @param value its value
 * @param threshold its threshold
 */
record Alert(Instant time, Metric metric, double value, double threshold) {

}

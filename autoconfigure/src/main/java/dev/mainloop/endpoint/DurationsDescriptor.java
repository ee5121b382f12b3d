package dev.mainloop.endpoint;

import dev.mainloop.DurationStatistics;
import org.jspecify.annotations.Nullable;

/**
 * Describes durations that the loop has measured, each in ISO-8601.
 *
 * @param last the latest
 * @param mean the mean of all
 * @param max the longest of the last minute or two in which there were any
 */
public record DurationsDescriptor(String last, String mean, String max) {

	/** Describes durations, of which there may be none yet. */
	static @Nullable DurationsDescriptor of(DurationStatistics durations) {
		return (durations.count() > 0) ? new DurationsDescriptor(durations.last().toString(),
				durations.mean().toString(), durations.max().toString()) : null;
	}

}

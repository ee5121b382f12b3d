package dev.mainloop.pulse;

import org.jspecify.annotations.Nullable;

/**
 * Tells that the thresholds were read again.
 *
 * @param thresholds what was in the file, or {@code null} if it cannot be used
 */
record ThresholdsRead(@Nullable Thresholds thresholds) {

}

package dev.mainloop.pulse;

import java.nio.file.Path;
import java.time.Duration;

import jakarta.validation.constraints.Min;
import jakarta.validation.constraints.NotNull;
import org.hibernate.validator.constraints.time.DurationMin;

import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.validation.annotation.Validated;

/**
 * Properties of pulse.
 *
 * @param sampleEvery time from one sample to the next
 * @param thresholds file with the thresholds, made when missing
 * @param commands FIFO that takes commands, made when missing
 * @param snapshot file that a snapshot is written to
 * @param maxPages how many pages may be open in browsers at once
 */
@Validated
@ConfigurationProperties("pulse")
record PulseProperties(@NotNull @DurationMin(millis = 10) Duration sampleEvery, @NotNull Path thresholds,
		@NotNull Path commands, @NotNull Path snapshot, @Min(1) int maxPages) {

}

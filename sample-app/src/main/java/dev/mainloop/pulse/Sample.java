package dev.mainloop.pulse;

import java.time.Instant;

import com.fasterxml.jackson.annotation.JsonInclude;
import org.jspecify.annotations.Nullable;

/**
 * The state of the host at one time.
 *
 * @param time the time
 * @param cpu how busy the processors were since the last sample, or in the first one
 * since the host was started, in percent
 * @param memory how much of the memory is in use, in percent
 * @param load the load average of the last minute
 * @param pressure the pressure, where the kernel measures it
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
record Sample(Instant time, double cpu, double memory, double load, @Nullable Pressure pressure) {

}

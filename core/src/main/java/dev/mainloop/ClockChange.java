package dev.mainloop;

import java.time.Duration;

/**
 * Tells that the wall clock was set.
 *
 * @param step how far it was moved, negative for back
 */
public record ClockChange(Duration step) {

}

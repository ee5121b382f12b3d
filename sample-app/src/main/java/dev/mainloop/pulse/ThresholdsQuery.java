package dev.mainloop.pulse;

import java.util.concurrent.CompletableFuture;

/**
 * Asks for the thresholds.
 *
 * @param answer completed with the thresholds
 */
record ThresholdsQuery(CompletableFuture<Thresholds> answer) {

}

package dev.mainloop.pulse;

import java.util.List;
import java.util.concurrent.CompletableFuture;

/**
 * Asks for the samples. A message that wants an answer brings a future for it.
 *
 * @param answer completed with the samples, the oldest first
 */
record SamplesQuery(CompletableFuture<List<Sample>> answer) {

}

package dev.mainloop;

import java.time.Duration;
import java.time.Instant;
import java.util.List;

import org.jspecify.annotations.Nullable;

/**
 * A handler that keeps all others of its loop waiting, as a {@link HandlerWatch} has seen
 * it.
 *
 * @param handler what a log line calls it
 * @param since when it began, at most one look of the watch before
 * @param duration for how long it has blocked the loop, without the time for which the
 * process as a whole stood still
 * @param stack what its thread was doing at the last look, from the innermost call out to
 * the handler
 * @param returned whether it has returned
 * @param event what a log line calls the event that it handles, or {@code null} as long
 * as it has not returned, or if that is not known
 */
public record BlockedHandler(String handler, Instant since, Duration duration, List<StackTraceElement> stack,
		boolean returned, @Nullable String event) {

	/** Copies the stack. */
	public BlockedHandler {
		stack = List.copyOf(stack);
	}

}

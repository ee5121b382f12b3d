package dev.mainloop;

/**
 * What a timer tells of its expiration.
 *
 * @param expirations how often it expired since its handler last ran: 1, or more where
 * the loop was late by whole periods, whose ticks are counted and not replayed
 * @param deadlineNanos when the first of these expirations was due, in nanoseconds of the
 * loop's {@link NanoClock}
 * @param latenessNanos how long after that the loop came to it, in nanoseconds
 */
public record TimerTick(long expirations, long deadlineNanos, long latenessNanos) {

}

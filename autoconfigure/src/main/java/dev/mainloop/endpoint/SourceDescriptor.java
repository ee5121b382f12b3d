package dev.mainloop.endpoint;

import java.util.List;

import org.jspecify.annotations.Nullable;

/**
 * Describes an event source and what its handlers have done.
 *
 * @param name what a log line calls it
 * @param loop the name of its loop
 * @param kind its kind
 * @param fd the file descriptor that it watches, if it does
 * @param signal the signal that it handles, if it does
 * @param handlers its handlers, by bean and method, if they are methods of beans
 * @param events how many events its handlers were called with
 * @param errors how many of these calls have failed
 * @param enabled whether its handlers are called
 * @param held {@code true} while they wait for calls to end that workers make, otherwise
 * {@code null}
 * @param failure what its handler threw last, if it is disabled for that
 * @param pending how many events wait: messages of a queue, and the expiration of a timer
 * that is overdue; not known of the other kinds
 * @param time how long its handlers take, once that was measured
 * @param lag how long its events wait for the handlers, once that was measured
 * @param queue what else there is of a queue
 * @param timer what else there is of a timer
 */
public record SourceDescriptor(String name, String loop, String kind, @Nullable String fd, @Nullable String signal,
		List<String> handlers, long events, long errors, boolean enabled, @Nullable Boolean held,
		@Nullable String failure, @Nullable Integer pending, @Nullable DurationsDescriptor time,
		@Nullable DurationsDescriptor lag, @Nullable QueueDescriptor queue, @Nullable TimerDescriptor timer) {

}

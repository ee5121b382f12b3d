package dev.mainloop.endpoint;

import java.util.List;

import org.jspecify.annotations.Nullable;

import org.springframework.boot.actuate.endpoint.OperationResponseBody;

/**
 * Describes a main loop and all of its event sources.
 *
 * @param name its name
 * @param state what it is doing
 * @param failure why it has failed, if it has
 * @param multiplexer the kind of its multiplexer
 * @param multiplexerReason why that is not the one that it would have been, if it is not
 * @param signals how its signals come
 * @param thread the name of the thread that runs it, if one does
 * @param cpus the processors that its thread is pinned to, if it is
 * @param fileIo how its files are read and written, if it has any
 * @param fileIoReason why that is not the way that it would have been, if it is not
 * @param iterations how often it has looked for events
 * @param wakeUps how often it has waited for events and was woken
 * @param busy for how long it has called handlers and done its own work, in ISO-8601,
 * with what it is doing now
 * @param idle for how long it has waited for events, in ISO-8601, with its present wait
 * @param lag how long events of all sources wait for their handlers, once that was
 * measured
 * @param blockedHandler the handler that blocks it, if one does
 * @param sources its event sources, by their names
 * @param loops the other loops of the application, if this is its main loop and it has
 * several
 */
public record MainLoopDescriptor(String name, String state, @Nullable String failure, String multiplexer,
		@Nullable String multiplexerReason, String signals, @Nullable String thread, @Nullable String cpus,
		@Nullable String fileIo, @Nullable String fileIoReason, long iterations, long wakeUps, String busy, String idle,
		@Nullable DurationsDescriptor lag, @Nullable BlockedHandlerDescriptor blockedHandler,
		List<SourceDescriptor> sources, @Nullable List<MainLoopDescriptor> loops) implements OperationResponseBody {

}

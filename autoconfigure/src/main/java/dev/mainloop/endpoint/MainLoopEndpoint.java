package dev.mainloop.endpoint;

import java.time.Duration;
import java.util.List;
import java.util.function.Supplier;

import dev.mainloop.BlockedHandler;
import dev.mainloop.DescriptorSource;
import dev.mainloop.EventSource;
import dev.mainloop.LoopStatistics;
import dev.mainloop.MainLoop;
import dev.mainloop.QueueSource;
import dev.mainloop.SignalSource;
import dev.mainloop.SourceStatistics;
import dev.mainloop.Timer;
import dev.mainloop.handler.EventHandlers;
import org.jspecify.annotations.Nullable;

import org.springframework.boot.actuate.endpoint.Access;
import org.springframework.boot.actuate.endpoint.annotation.Endpoint;
import org.springframework.boot.actuate.endpoint.annotation.ReadOperation;
import org.springframework.boot.actuate.endpoint.annotation.Selector;
import org.springframework.boot.actuate.endpoint.annotation.WriteOperation;

/**
 * Shows what a main loop is doing, and pauses and resumes its event sources for those who
 * are given that access. It reads what the loop has written, and never waits for it.
 */
@Endpoint(id = "mainloop", defaultAccess = Access.READ_ONLY)
public class MainLoopEndpoint {

	private final String name;

	private final MainLoop loop;

	private final EventHandlers handlers;

	private final Supplier<@Nullable BlockedHandler> blocked;

	/**
	 * Creates the endpoint of a loop.
	 * @param name the name of the loop
	 * @param loop the loop
	 * @param handlers the handlers of its events
	 * @param blocked tells which handler blocks the loop, if any does
	 */
	public MainLoopEndpoint(String name, MainLoop loop, EventHandlers handlers,
			Supplier<@Nullable BlockedHandler> blocked) {
		this.name = name;
		this.loop = loop;
		this.handlers = handlers;
		this.blocked = blocked;
	}

	/**
	 * Describes the loop and all of its event sources that are open, paused or not, but
	 * for timers that only have a delay.
	 * @return the description
	 */
	@ReadOperation
	public MainLoopDescriptor loop() {
		Throwable failure = this.loop.failure();
		Thread thread = this.loop.thread();
		LoopStatistics statistics = this.loop.statistics();
		BlockedHandler blockedHandler = this.blocked.get();
		return new MainLoopDescriptor(this.name, this.loop.state().toString(), text(failure),
				this.loop.multiplexerName(), this.loop.multiplexerFallbackReason(), this.loop.signalsDescription(),
				(thread != null) ? thread.getName() : null, statistics.iterations(), statistics.wakeUps(),
				statistics.busy().toString(), statistics.idle().toString(), DurationsDescriptor.of(statistics.lag()),
				(blockedHandler != null) ? BlockedHandlerDescriptor.of(blockedHandler) : null,
				this.loop.sources().stream().map(this::describe).toList());
	}

	/**
	 * Describes the event sources of a name.
	 * @param name what a log line calls them
	 * @return the description, or {@code null} if there are none of that name
	 */
	@ReadOperation
	public @Nullable SourcesDescriptor sources(@Selector String name) {
		return describe(named(name));
	}

	/**
	 * Pauses or resumes the event sources of a name.
	 * @param name what a log line calls them
	 * @param enabled whether their handlers are to be called; sources that are disabled,
	 * as their handlers failed too often, are enabled again, too
	 * @return the description of the sources after that, or {@code null} if there are
	 * none of that name
	 */
	@WriteOperation
	public @Nullable SourcesDescriptor enable(@Selector String name, boolean enabled) {
		List<EventSource> found = named(name);
		found.forEach(enabled ? EventSource::resume : EventSource::pause);
		return describe(found);
	}

	private @Nullable SourcesDescriptor describe(List<EventSource> sources) {
		return sources.isEmpty() ? null : new SourcesDescriptor(sources.stream().map(this::describe).toList());
	}

	private List<EventSource> named(String name) {
		return this.loop.sources().stream().filter((source) -> source.description().equals(name)).toList();
	}

	private SourceDescriptor describe(EventSource source) {
		SourceStatistics statistics = source.statistics();
		Integer pending = null;
		QueueDescriptor queue = null;
		TimerDescriptor timer = null;
		if (source instanceof QueueSource<?> some) {
			queue = QueueDescriptor.of(some, this.handlers.messageTypes(some));
			pending = queue.size();
		}
		else if (source instanceof Timer some) {
			Duration left = some.untilExpiration();
			timer = TimerDescriptor.of(some, left, this.loop.now());
			pending = (left != null && left.isNegative()) ? 1 : 0;
		}
		return new SourceDescriptor(source.description(), source.kind().toString(),
				(source instanceof DescriptorSource some) ? some.fd().toString() : null,
				(source instanceof SignalSource some) ? some.signal().name() : null, this.handlers.names(source),
				statistics.events(), statistics.errors(), source.state() == EventSource.State.ENABLED,
				text(source.failure()), pending, DurationsDescriptor.of(statistics.time()),
				DurationsDescriptor.of(statistics.lag()), queue, timer);
	}

	private static @Nullable String text(@Nullable Throwable thrown) {
		return (thrown != null) ? thrown.toString() : null;
	}

}

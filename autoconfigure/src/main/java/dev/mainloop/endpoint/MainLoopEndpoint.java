package dev.mainloop.endpoint;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Function;

import dev.mainloop.BlockedHandler;
import dev.mainloop.CpuSet;
import dev.mainloop.DescriptorSource;
import dev.mainloop.EventSource;
import dev.mainloop.LoopStatistics;
import dev.mainloop.MainLoop;
import dev.mainloop.QueueSource;
import dev.mainloop.SignalSource;
import dev.mainloop.SourceStatistics;
import dev.mainloop.Timer;
import dev.mainloop.file.AsyncFiles;
import dev.mainloop.handler.EventHandlers;
import dev.mainloop.handler.MainLoops;
import dev.mainloop.handler.Placement;
import org.jspecify.annotations.Nullable;

import org.springframework.boot.actuate.endpoint.Access;
import org.springframework.boot.actuate.endpoint.annotation.Endpoint;
import org.springframework.boot.actuate.endpoint.annotation.ReadOperation;
import org.springframework.boot.actuate.endpoint.annotation.Selector;
import org.springframework.boot.actuate.endpoint.annotation.WriteOperation;

/**
 * Shows what main loops are doing, and pauses and resumes their event sources for those
 * who are given that access. It reads what the loops have written, and never waits for
 * them.
 */
@Endpoint(id = "mainloop", defaultAccess = Access.READ_ONLY)
public class MainLoopEndpoint {

	private final MainLoops loops;

	private final EventHandlers handlers;

	private final Function<MainLoop, @Nullable BlockedHandler> blocked;

	private final Function<MainLoop, @Nullable AsyncFiles> files;

	/**
	 * Creates the endpoint of an application.
	 * @param loops its loops
	 * @param handlers the handlers of their events
	 * @param blocked tells which handler blocks a loop, if any does
	 * @param files tells which files a loop has, if any
	 */
	public MainLoopEndpoint(MainLoops loops, EventHandlers handlers,
			Function<MainLoop, @Nullable BlockedHandler> blocked, Function<MainLoop, @Nullable AsyncFiles> files) {
		this.loops = loops;
		this.handlers = handlers;
		this.blocked = blocked;
		this.files = files;
	}

	/**
	 * Describes the main loop, with the others, and all of the event sources that are
	 * open, paused or not, but for timers that only have a delay.
	 * @return the description
	 */
	@ReadOperation
	public MainLoopDescriptor loop() {
		List<MainLoopDescriptor> others = new ArrayList<>();
		this.loops.forEach((place, loop) -> {
			if (!place.isMain()) {
				others.add(describe(loop, List.of()));
			}
		});
		return describe(this.loops.get(Placement.OF_MAIN), others);
	}

	private MainLoopDescriptor describe(MainLoop loop, List<MainLoopDescriptor> others) {
		Throwable failure = loop.failure();
		Thread thread = loop.thread();
		LoopStatistics statistics = loop.statistics();
		BlockedHandler blockedHandler = this.blocked.apply(loop);
		CpuSet cpus = loop.cpus();
		AsyncFiles some = this.files.apply(loop);
		return new MainLoopDescriptor(loop.name(), loop.state().toString(), text(failure), loop.multiplexerName(),
				loop.multiplexerFallbackReason(), loop.signalsDescription(), (thread != null) ? thread.getName() : null,
				text(cpus), (some != null) ? some.fileIo().toString() : null,
				(some != null) ? some.fallbackReason() : null, statistics.iterations(), statistics.wakeUps(),
				statistics.busy().toString(), statistics.idle().toString(), DurationsDescriptor.of(statistics.lag()),
				(blockedHandler != null) ? BlockedHandlerDescriptor.of(blockedHandler) : null,
				loop.sources().stream().map((source) -> describe(loop, source)).toList(),
				others.isEmpty() ? null : others);
	}

	/**
	 * Describes the event sources of a name.
	 * @param name what a log line calls them
	 * @return the description, or {@code null} if there are none of that name
	 */
	@ReadOperation
	public @Nullable SourcesDescriptor sources(@Selector String name) {
		return sources(name, (source) -> {
		});
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
		return sources(name, enabled ? EventSource::resume : EventSource::pause);
	}

	private @Nullable SourcesDescriptor sources(String name, Consumer<EventSource> action) {
		List<SourceDescriptor> found = new ArrayList<>();
		this.loops.forEach((place, loop) -> loop.sources()
			.stream()
			.filter((source) -> source.description().equals(name))
			.forEach((source) -> {
				action.accept(source);
				found.add(describe(loop, source));
			}));
		return found.isEmpty() ? null : new SourcesDescriptor(found);
	}

	private SourceDescriptor describe(MainLoop loop, EventSource source) {
		SourceStatistics statistics = source.statistics();
		EventSource.State state = source.state();
		boolean held = state == EventSource.State.HELD;
		Integer pending = null;
		QueueDescriptor queue = null;
		TimerDescriptor timer = null;
		if (source instanceof QueueSource<?> some) {
			queue = QueueDescriptor.of(some, this.handlers.messageTypes(some));
			pending = queue.size();
		}
		else if (source instanceof Timer some) {
			Duration left = some.untilExpiration();
			timer = TimerDescriptor.of(some, left, loop.now());
			pending = (left != null && left.isNegative()) ? 1 : 0;
		}
		return new SourceDescriptor(source.description(), loop.name(), source.kind().toString(),
				(source instanceof DescriptorSource some) ? some.fd().toString() : null,
				(source instanceof SignalSource some) ? some.signal().name() : null, this.handlers.names(source),
				statistics.events(), statistics.errors(), state == EventSource.State.ENABLED || held,
				held ? true : null, text(source.failure()), pending, DurationsDescriptor.of(statistics.time()),
				DurationsDescriptor.of(statistics.lag()), queue, timer);
	}

	private static @Nullable String text(@Nullable Object value) {
		return (value != null) ? value.toString() : null;
	}

}

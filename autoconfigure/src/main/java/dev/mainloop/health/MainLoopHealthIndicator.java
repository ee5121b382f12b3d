package dev.mainloop.health;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Supplier;
import java.util.stream.Collectors;

import dev.mainloop.BlockedHandler;
import dev.mainloop.EventSource;
import dev.mainloop.MainLoop;
import dev.mainloop.MainLoopState;
import dev.mainloop.QueueSource;
import dev.mainloop.file.AsyncFiles;
import org.jspecify.annotations.Nullable;

import org.springframework.boot.health.contributor.AbstractHealthIndicator;
import org.springframework.boot.health.contributor.Health;

/**
 * Tells whether the main loop runs: it is up while it does, down after it failed or was
 * closed and while a handler blocks it for long, and out of service otherwise. Event
 * sources that are disabled are named and leave it up, as all others are served.
 */
public class MainLoopHealthIndicator extends AbstractHealthIndicator {

	private final MainLoop loop;

	private final Supplier<@Nullable BlockedHandler> blocked;

	private final Duration downAfter;

	private final Supplier<@Nullable AsyncFiles> files;

	/**
	 * Creates the health indicator of a loop.
	 * @param loop the loop
	 * @param blocked tells which handler blocks the loop, if any does
	 * @param downAfter how long it may before the loop is down
	 * @param files tells which files the loop has, if any
	 */
	public MainLoopHealthIndicator(MainLoop loop, Supplier<@Nullable BlockedHandler> blocked, Duration downAfter,
			Supplier<@Nullable AsyncFiles> files) {
		super("Main loop health check failed");
		this.loop = loop;
		this.blocked = blocked;
		this.downAfter = downAfter;
		this.files = files;
	}

	@Override
	protected void doHealthCheck(Health.Builder builder) {
		MainLoopState state = this.loop.state();
		Thread thread = this.loop.thread();
		String fallbackReason = this.loop.multiplexerFallbackReason();
		switch (state) {
			case RUNNING -> builder.up();
			case NEW, STOPPING, STOPPED -> builder.outOfService();
			case FAILED, CLOSED -> builder.down();
		}
		BlockedHandler handler = this.blocked.get();
		if (handler != null) {
			if (handler.duration().compareTo(this.downAfter) >= 0) {
				builder.down();
			}
			builder.withDetail("blockedHandler", handler.handler())
				.withDetail("blockedSince", handler.since().toString())
				.withDetail("blockedFor", handler.duration().toString());
		}
		Throwable failure = this.loop.failure();
		if (failure != null) {
			builder.withException(failure);
		}
		builder.withDetail("state", state.toString())
			.withDetail("multiplexer", this.loop.multiplexerName())
			.withDetail("signals", this.loop.signalsDescription())
			.withDetail("thread", (thread != null) ? thread.getName() : "none")
			.withDetail("sources", this.loop.sourceCounts());
		Map<String, Long> dropped = dropped();
		if (!dropped.isEmpty()) {
			builder.withDetail("dropped", dropped);
		}
		if (fallbackReason != null) {
			builder.withDetail("multiplexerReason", fallbackReason);
		}
		AsyncFiles files = this.files.get();
		if (files != null) {
			builder.withDetail("fileIo", files.fileIo().toString());
			String fileIoReason = files.fallbackReason();
			if (fileIoReason != null) {
				builder.withDetail("fileIoReason", fileIoReason);
			}
		}
		List<EventSource> disabled = this.loop.disabledSources();
		if (!disabled.isEmpty()) {
			builder.withDetail("disabled", errors(disabled));
		}
	}

	private static Map<String, String> errors(List<EventSource> disabled) {
		Map<String, String> errors = new TreeMap<>();
		disabled.forEach((source) -> errors.put(source.description(), String.valueOf(source.failure())));
		return errors;
	}

	/** Counts what was dropped of each queue that has dropped something. */
	private Map<String, Long> dropped() {
		return this.loop.queues()
			.stream()
			.filter((queue) -> queue.dropped() > 0)
			.collect(Collectors.toMap(QueueSource::description, QueueSource::dropped, Long::sum, TreeMap::new));
	}

}

package dev.mainloop.health;

import java.time.Duration;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Function;

import dev.mainloop.BlockedHandler;
import dev.mainloop.HandlerWatch;
import dev.mainloop.MainLoop;
import dev.mainloop.RunningHandler;
import dev.mainloop.handler.MainLoops;
import dev.mainloop.handler.Placement;
import org.jspecify.annotations.Nullable;

import org.springframework.beans.factory.DisposableBean;
import org.springframework.context.ApplicationEventPublisher;
import org.springframework.context.SmartLifecycle;

/**
 * Looks for handlers that block their main loop while the application is up: from when
 * all of it has started until anything of it is stopped. What blocks the end of the
 * application is told by others.
 */
public final class BlockedHandlerWatch implements SmartLifecycle, DisposableBean {

	/** How long a handler may take on each loop. */
	private final Map<MainLoop, Duration> loops = new LinkedHashMap<>();

	private final Function<RunningHandler, String> names;

	private final ApplicationEventPublisher publisher;

	/** That of each loop while they are watched; replaced as a whole. */
	private volatile Map<MainLoop, HandlerWatch> watches = Map.of();

	/**
	 * Creates the watch of the loops of an application.
	 * @param loops its loops
	 * @param warnAfter how long a handler may take on a loop, more than zero
	 * @param names what a handler is called
	 * @param publisher publishes a {@link BlockedHandlerEvent} for each that takes longer
	 */
	public BlockedHandlerWatch(MainLoops loops, Function<Placement, Duration> warnAfter,
			Function<RunningHandler, String> names, ApplicationEventPublisher publisher) {
		loops.forEach((place, loop) -> this.loops.put(loop, warnAfter.apply(place)));
		this.names = names;
		this.publisher = publisher;
	}

	@Override
	public synchronized void start() {
		if (isRunning()) {
			return;
		}
		Map<MainLoop, HandlerWatch> started = new HashMap<>();
		boolean all = false;
		try {
			this.loops.forEach((loop, warnAfter) -> {
				HandlerWatch watch = new HandlerWatch(loop, warnAfter, this.names,
						(blocked) -> this.publisher.publishEvent(new BlockedHandlerEvent(loop, blocked)));
				started.put(loop, watch);
				watch.start();
			});
			all = true;
		}
		finally {
			if (!all) {
				started.values().forEach(HandlerWatch::close);
			}
		}
		this.watches = started;
	}

	@Override
	public synchronized void stop() {
		this.watches.values().forEach(HandlerWatch::close);
		this.watches = Map.of();
	}

	/**
	 * Tells which handler blocks a loop, as the last look has shown, without a look of
	 * its own.
	 * @param loop the loop
	 * @return the handler, or {@code null} if none does
	 */
	public @Nullable BlockedHandler blocked(MainLoop loop) {
		HandlerWatch watch = this.watches.get(loop);
		return (watch != null) ? watch.blocked() : null;
	}

	/**
	 * Returns what tells which handler blocks a loop.
	 * @param watch the watch of the loops, or {@code null} if nobody watches them, so
	 * that none is known
	 * @return the function
	 */
	public static Function<MainLoop, @Nullable BlockedHandler> blockedBy(@Nullable BlockedHandlerWatch watch) {
		return (watch != null) ? watch::blocked : (loop) -> null;
	}

	@Override
	public void destroy() {
		stop();
	}

	@Override
	public boolean isRunning() {
		return !this.watches.isEmpty();
	}

}

package dev.mainloop.health;

import java.time.Duration;
import java.util.function.Function;
import java.util.function.Supplier;

import dev.mainloop.BlockedHandler;
import dev.mainloop.HandlerWatch;
import dev.mainloop.MainLoop;
import dev.mainloop.RunningHandler;
import org.jspecify.annotations.Nullable;

import org.springframework.beans.factory.DisposableBean;
import org.springframework.context.ApplicationEventPublisher;
import org.springframework.context.SmartLifecycle;

/**
 * Looks for handlers that block the main loop while the application is up: from when all
 * of it has started until anything of it is stopped. What blocks the end of the
 * application is told by others.
 */
public final class BlockedHandlerWatch implements SmartLifecycle, DisposableBean {

	private final MainLoop loop;

	private final Duration warnAfter;

	private final Function<RunningHandler, String> names;

	private final ApplicationEventPublisher publisher;

	private volatile @Nullable HandlerWatch watch;

	/**
	 * Creates the watch of a loop.
	 * @param loop the loop
	 * @param warnAfter how long a handler may take, more than zero
	 * @param names what a handler is called
	 * @param publisher publishes a {@link BlockedHandlerEvent} for each that takes longer
	 */
	public BlockedHandlerWatch(MainLoop loop, Duration warnAfter, Function<RunningHandler, String> names,
			ApplicationEventPublisher publisher) {
		this.loop = loop;
		this.warnAfter = warnAfter;
		this.names = names;
		this.publisher = publisher;
	}

	@Override
	public synchronized void start() {
		if (this.watch != null) {
			return;
		}
		HandlerWatch started = new HandlerWatch(this.loop, this.warnAfter, this.names,
				(blocked) -> this.publisher.publishEvent(new BlockedHandlerEvent(this.loop, blocked)));
		started.start();
		this.watch = started;
	}

	@Override
	public synchronized void stop() {
		HandlerWatch started = this.watch;
		if (started != null) {
			started.close();
			this.watch = null;
		}
	}

	/**
	 * Tells which handler blocks the loop, as the last look has shown, without a look of
	 * its own.
	 * @return the handler, or {@code null} if none does
	 */
	public @Nullable BlockedHandler blocked() {
		HandlerWatch started = this.watch;
		return (started != null) ? started.blocked() : null;
	}

	/**
	 * Returns what tells which handler blocks a loop.
	 * @param watch the watch of the loop, or {@code null} if nobody watches it, so that
	 * none is known
	 * @return the supplier
	 */
	public static Supplier<@Nullable BlockedHandler> blockedBy(@Nullable BlockedHandlerWatch watch) {
		return (watch != null) ? watch::blocked : () -> null;
	}

	@Override
	public void destroy() {
		stop();
	}

	@Override
	public boolean isRunning() {
		return this.watch != null;
	}

}

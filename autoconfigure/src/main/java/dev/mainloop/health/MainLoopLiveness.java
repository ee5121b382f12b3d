package dev.mainloop.health;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;

import dev.mainloop.BlockedHandler;
import dev.mainloop.MainLoop;
import dev.mainloop.MainLoopState;
import dev.mainloop.handler.MainLoops;
import dev.mainloop.handler.Placement;
import dev.mainloop.log.LogText;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import org.springframework.beans.factory.DisposableBean;
import org.springframework.boot.availability.ApplicationAvailability;
import org.springframework.boot.availability.AvailabilityChangeEvent;
import org.springframework.boot.availability.LivenessState;
import org.springframework.context.ApplicationEventPublisher;
import org.springframework.context.SmartLifecycle;

/**
 * Tells that the application is broken while a main loop has failed or a handler blocks
 * it for long, and that it is correct again once that is over. Looks for it while the
 * application is up, with a thread of its own that does not wait for the loop.
 */
public final class MainLoopLiveness implements SmartLifecycle, DisposableBean {

	private static final Logger logger = LoggerFactory.getLogger(MainLoopLiveness.class);

	private static final long LONGEST_PAUSE_MILLIS = 1000;

	private final MainLoops loops;

	private final Function<MainLoop, @Nullable BlockedHandler> blocked;

	private final Function<Placement, Duration> brokenAfter;

	private final ApplicationAvailability availability;

	private final ApplicationEventPublisher publisher;

	private volatile @Nullable ScheduledExecutorService executor;

	/** Whether this has told that the application is broken; owned by its thread. */
	private boolean broken;

	/**
	 * Creates the liveness of an application by its loops.
	 * @param loops the loops
	 * @param blocked tells which handler blocks a loop, if any does
	 * @param brokenAfter how long one may block a loop, more than zero
	 * @param availability tells what is known of the liveness
	 * @param publisher publishes an {@link AvailabilityChangeEvent} for each change
	 */
	public MainLoopLiveness(MainLoops loops, Function<MainLoop, @Nullable BlockedHandler> blocked,
			Function<Placement, Duration> brokenAfter, ApplicationAvailability availability,
			ApplicationEventPublisher publisher) {
		this.loops = loops;
		this.blocked = blocked;
		this.brokenAfter = brokenAfter;
		this.availability = availability;
		this.publisher = publisher;
	}

	@Override
	public synchronized void start() {
		if (this.executor != null) {
			return;
		}
		ScheduledExecutorService started = Executors.newSingleThreadScheduledExecutor((task) -> {
			Thread thread = new Thread(task, "mainloop-liveness");
			thread.setDaemon(true);
			return thread;
		});
		started.scheduleWithFixedDelay(this::look, 0, pauseMillis(), TimeUnit.MILLISECONDS);
		this.executor = started;
	}

	private long pauseMillis() {
		List<Long> pauses = new ArrayList<>(List.of(LONGEST_PAUSE_MILLIS));
		this.loops.forEach((place, loop) -> pauses.add(this.brokenAfter.apply(place).toMillis() / 2));
		return Math.max(1, Collections.min(pauses));
	}

	private void look() {
		try {
			String reason = reason();
			if (reason != null && this.availability.getLivenessState() == LivenessState.CORRECT) {
				logger.error("The application is not live, as {}", reason);
				this.broken = true;
				AvailabilityChangeEvent.publish(this.publisher, this, LivenessState.BROKEN);
			}
			else if (reason == null && this.broken) {
				logger.info("The application is live again, as its main loop goes on");
				AvailabilityChangeEvent.publish(this.publisher, this, LivenessState.CORRECT);
				this.broken = false;
			}
		}
		catch (Throwable ex) {
			logger.error("The liveness of the application could not be told once", ex);
		}
	}

	private @Nullable String reason() {
		List<String> reasons = new ArrayList<>();
		this.loops.forEach((place, loop) -> {
			String reason = reason(place, loop);
			if (reason != null) {
				reasons.add(reason);
			}
		});
		return reasons.isEmpty() ? null : String.join(", and ", reasons);
	}

	private @Nullable String reason(Placement place, MainLoop loop) {
		String name = place.description();
		if (loop.state() == MainLoopState.FAILED) {
			return "its %s has failed: %s".formatted(name, loop.failure());
		}
		BlockedHandler handler = this.blocked.apply(loop);
		return (handler != null && handler.duration().compareTo(this.brokenAfter.apply(place)) >= 0)
				? "the handler '%s' has blocked its %s for %d ms".formatted(LogText.of(handler.handler()), name,
						handler.duration().toMillis())
				: null;
	}

	@Override
	public synchronized void stop() {
		ScheduledExecutorService started = this.executor;
		if (started != null) {
			started.shutdownNow();
			this.executor = null;
		}
	}

	@Override
	public void destroy() {
		stop();
	}

	@Override
	public boolean isRunning() {
		return this.executor != null;
	}

}

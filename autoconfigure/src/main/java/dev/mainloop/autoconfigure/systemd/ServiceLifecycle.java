package dev.mainloop.autoconfigure.systemd;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.RejectedExecutionException;

import dev.mainloop.MainLoop;
import dev.mainloop.MainLoopState;
import dev.mainloop.handler.MainLoopLifecycle;
import dev.mainloop.handler.MainLoops;
import dev.mainloop.systemd.Watchdog;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import org.springframework.boot.availability.ApplicationAvailability;
import org.springframework.boot.availability.LivenessState;
import org.springframework.boot.context.event.ApplicationReadyEvent;
import org.springframework.context.ApplicationContext;
import org.springframework.context.ApplicationEvent;
import org.springframework.context.SmartLifecycle;
import org.springframework.context.event.ContextClosedEvent;
import org.springframework.context.event.SmartApplicationListener;

/**
 * Tells the service manager that the application is ready once its loops run, that it is
 * alive as long as they do, and that it stops.
 */
final class ServiceLifecycle implements SmartLifecycle, SmartApplicationListener {

	private static final Logger logger = LoggerFactory.getLogger(ServiceLifecycle.class);

	private static final String DESCRIPTION = "systemd stop";

	private final ServiceNotifications notifications;

	private final List<MainLoop> loops = new ArrayList<>();

	private final ApplicationContext context;

	private final @Nullable ApplicationAvailability availability;

	private final Duration phaseTimeout;

	private @Nullable Watchdog watchdog;

	private volatile boolean running;

	ServiceLifecycle(ServiceNotifications notifications, MainLoops loops, ApplicationContext context,
			@Nullable ApplicationAvailability availability, Duration phaseTimeout) {
		this.notifications = notifications;
		this.context = context;
		this.availability = availability;
		this.phaseTimeout = phaseTimeout;
		loops.forEach((place, loop) -> this.loops.add(loop));
	}

	@Override
	public synchronized void start() {
		this.watchdog = this.notifications.manager()
			.flatMap((manager) -> manager.watchdogInterval()
				.map((interval) -> Watchdog.start(manager, interval, this.loops, this::complaint)))
			.orElse(null);
		this.running = true;
	}

	private @Nullable String complaint() {
		return (this.availability != null && this.availability.getLivenessState() == LivenessState.BROKEN)
				? "the liveness of the application is BROKEN" : null;
	}

	@Override
	public void stop() {
		this.running = false;
		closeWatchdog();
	}

	private synchronized void closeWatchdog() {
		if (this.watchdog != null) {
			this.watchdog.close();
			this.watchdog = null;
		}
	}

	@Override
	public boolean isRunning() {
		return this.running;
	}

	/** Starts after the loops, and stops before them. */
	@Override
	public int getPhase() {
		return MainLoopLifecycle.PHASE + 1;
	}

	@Override
	public boolean supportsEventType(Class<? extends ApplicationEvent> eventType) {
		return ApplicationReadyEvent.class.isAssignableFrom(eventType)
				|| ContextClosedEvent.class.isAssignableFrom(eventType);
	}

	@Override
	public void onApplicationEvent(ApplicationEvent event) {
		if (this.notifications.manager().isEmpty()) {
			return;
		}
		if (event instanceof ApplicationReadyEvent ready && ready.getApplicationContext() == this.context) {
			ready(this.loops.iterator());
		}
		else if (event instanceof ContextClosedEvent closed && closed.getApplicationContext() == this.context) {
			stopping();
		}
	}

	/** Goes through the loops, so that all have run when it is told. */
	private void ready(Iterator<MainLoop> others) {
		if (!others.hasNext()) {
			this.notifications.ready();
			return;
		}
		MainLoop loop = others.next();
		try {
			loop.execute(() -> ready(others));
		}
		catch (RejectedExecutionException ex) {
			logger.error(
					"The service manager is not told that the application is ready, as the loop '{}' takes no task",
					loop.name(), ex);
		}
	}

	/**
	 * Asks for the time of a phase of the shutdown again and again, and tells no sign of
	 * life after that, by which systemd would expect others while the loops are drained.
	 */
	private void stopping() {
		closeWatchdog();
		this.notifications.stopping(this.phaseTimeout.multipliedBy(2));
		Duration half = this.phaseTimeout.dividedBy(2);
		MainLoop main = this.loops.get(0);
		if (!half.isZero() && !half.isNegative() && main.state() == MainLoopState.RUNNING) {
			main.every(DESCRIPTION, half, half,
					(timer) -> this.notifications.stillStopping(this.phaseTimeout.multipliedBy(2)));
		}
	}

}

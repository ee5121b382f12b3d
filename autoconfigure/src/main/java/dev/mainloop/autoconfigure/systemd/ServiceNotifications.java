package dev.mainloop.autoconfigure.systemd;

import java.time.Duration;
import java.util.Optional;

import dev.mainloop.autoconfigure.MainLoopProperties;
import dev.mainloop.libc.ErrnoException;
import dev.mainloop.systemd.Notification;
import dev.mainloop.systemd.ServiceManager;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells the service manager that has started the application, which is systemd mostly,
 * what becomes of it. That it starts, is ready and stops is told by itself; a bean may
 * set the line that {@code systemctl status} shows and tell of a reload. Where no service
 * manager wants to be told, nothing is done. All methods may be called by any thread, and
 * one that fails is logged and goes on.
 */
public final class ServiceNotifications {

	private static final Logger logger = LoggerFactory.getLogger(ServiceNotifications.class);

	/**
	 * How long a service manager that is told too much at the moment is waited for, but
	 * for a status, which the next one makes up for.
	 */
	private static final Duration PATIENCE = Duration.ofSeconds(1);

	private final @Nullable ServiceManager manager;

	private final MainLoopProperties.Systemd properties;

	private boolean stopping;

	private int reloads;

	private String stage = "Starting";

	/** What the application has set. */
	private @Nullable String status;

	private @Nullable String trouble;

	ServiceNotifications(@Nullable ServiceManager manager, MainLoopProperties.Systemd properties) {
		this.manager = manager;
		this.properties = properties;
	}

	/**
	 * Returns the service manager that is told.
	 * @return the service manager, empty if there is none
	 */
	public Optional<ServiceManager> manager() {
		return Optional.ofNullable(this.manager);
	}

	/**
	 * Sets the line that {@code systemctl status} shows.
	 * @param status the line
	 */
	public synchronized void status(String status) {
		this.status = status;
		tell(Notification.status(line()), Duration.ZERO);
	}

	/** Sets what is shown in place of the status, {@code null} if all is well. */
	synchronized void trouble(@Nullable String trouble) {
		this.trouble = trouble;
		tell(Notification.status(line()), Duration.ZERO);
	}

	private String line() {
		if (this.trouble != null) {
			return this.trouble;
		}
		return (this.status != null && !this.stopping) ? this.status : this.stage;
	}

	/**
	 * Loads something anew, and tells that the application does until it is done, whether
	 * that fails or not.
	 * @param <X> what it may throw
	 * @param action loads it
	 * @throws X if it fails
	 */
	public <X extends Exception> void reload(Reload<X> action) throws X {
		beginReload();
		boolean done = false;
		try {
			action.run();
			done = true;
		}
		finally {
			endReload(done);
		}
	}

	private synchronized void beginReload() {
		if (this.reloads++ == 0 && !this.stopping) {
			tell(Notification.reloading());
		}
	}

	/** The last one that ends, as several threads may load something. */
	private synchronized void endReload(boolean done) {
		if (--this.reloads == 0 && !this.stopping) {
			tell(Notification.READY.and(Notification.status(done ? line() : "The last reload has failed; " + line())));
		}
	}

	/** Tells that the application starts, which may take some time. */
	synchronized void starting() {
		Duration time = this.properties.getStartTimeout();
		Notification starting = Notification.status(line());
		tell((time != null) ? starting.and(Notification.extendTimeout(time)) : starting);
	}

	/** Tells that it is ready, unless it stops already. */
	synchronized void ready() {
		if (this.stopping) {
			return;
		}
		this.stage = "Running";
		Notification ready = Notification.READY.and(Notification.status(line()));
		tell(this.properties.isMainPid() ? ready.and(Notification.mainPid(ProcessHandle.current().pid())) : ready);
	}

	/** Tells that it stops, and that this may take some time yet. */
	synchronized void stopping(Duration time) {
		this.stopping = true;
		this.stage = "Stopping";
		tell(Notification.STOPPING.and(Notification.status(line())).and(Notification.extendTimeout(time)));
	}

	/** Tells that it stops yet. */
	void stillStopping(Duration time) {
		tell(Notification.extendTimeout(time));
	}

	private void tell(Notification notification) {
		tell(notification, PATIENCE);
	}

	private void tell(Notification notification, Duration patience) {
		if (this.manager == null) {
			return;
		}
		try {
			if (!this.manager.tell(notification, patience)) {
				logger.warn("The {} has no room for '{}' and is not told", this.manager, notification);
			}
		}
		catch (ErrnoException ex) {
			logger.warn("The {} could not be told '{}'", this.manager, notification, ex);
		}
	}

	/**
	 * Loads something anew.
	 *
	 * @param <X> what it may throw
	 */
	@FunctionalInterface
	public interface Reload<X extends Exception> {

		/**
		 * Loads it.
		 * @throws X if it fails
		 */
		void run() throws X;

	}

}

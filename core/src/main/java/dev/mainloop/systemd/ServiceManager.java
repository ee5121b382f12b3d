package dev.mainloop.systemd;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.Optional;
import java.util.function.Function;

import dev.mainloop.libc.ErrnoException;
import dev.mainloop.log.LogText;
import dev.mainloop.socket.DatagramSocket;
import dev.mainloop.socket.UnixAddress;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The service manager that has started this process and wants to be told of it: systemd,
 * or another one that has its protocol, see {@code sd_notify(3)} and
 * {@code sd_watchdog_enabled(3)}. All methods may be called by any thread.
 * <p>
 * Each notification opens a socket of its own, so that a service manager that was
 * restarted is reached, too.
 */
public final class ServiceManager {

	private static final Logger logger = LoggerFactory.getLogger(ServiceManager.class);

	private static final String NOTIFY_SOCKET = "NOTIFY_SOCKET";

	private static final String WATCHDOG_USEC = "WATCHDOG_USEC";

	private static final String WATCHDOG_PID = "WATCHDOG_PID";

	private final UnixAddress address;

	private final @Nullable Duration watchdogInterval;

	private ServiceManager(UnixAddress address, @Nullable Duration watchdogInterval) {
		this.address = address;
		this.watchdogInterval = watchdogInterval;
	}

	/**
	 * Finds the service manager by the environment variables that it has set.
	 * @param environment answers a variable by its name, {@code null} where it is not set
	 * @param main whether this process is the service's main one also where the service
	 * manager has started another one, which is told to it by
	 * {@link Notification#mainPid}
	 * @return the service manager, empty if none wants to be told
	 * @throws IllegalArgumentException if a variable has a value that it cannot have
	 */
	public static Optional<ServiceManager> find(Function<String, @Nullable String> environment, boolean main) {
		String socket = environment.apply(NOTIFY_SOCKET);
		if (socket == null || socket.isEmpty()) {
			return Optional.empty();
		}
		return Optional.of(new ServiceManager(read(NOTIFY_SOCKET, socket, UnixAddress::parse),
				watchdogInterval(environment, main)));
	}

	private static <T> T read(String variable, String value, Function<String, T> reader) {
		try {
			return reader.apply(value);
		}
		catch (IllegalArgumentException ex) {
			throw new IllegalArgumentException(
					"The environment variable %s cannot be used: %s".formatted(variable, ex.getMessage()), ex);
		}
	}

	private static Duration interval(String micros) {
		long interval = Long.parseLong(micros);
		if (interval <= 0) {
			throw new IllegalArgumentException("'%s' is not more than zero".formatted(LogText.of(micros)));
		}
		return Duration.of(interval, ChronoUnit.MICROS);
	}

	private static @Nullable Duration watchdogInterval(Function<String, @Nullable String> environment, boolean main) {
		String micros = environment.apply(WATCHDOG_USEC);
		if (micros == null || micros.isEmpty()) {
			return null;
		}
		Duration interval = read(WATCHDOG_USEC, micros, ServiceManager::interval);
		String pid = environment.apply(WATCHDOG_PID);
		long self = ProcessHandle.current().pid();
		if (!main && pid != null && !pid.isEmpty() && !pid.equals(Long.toString(self))) {
			logger.warn(("The service manager waits for signs of life of the process %s, and this one has the number "
					+ "%d and sends none: have the script that starts Java do so by 'exec'")
				.formatted(LogText.of(pid), self));
			return null;
		}
		return interval;
	}

	/**
	 * Returns how often it wants to be told that this process is alive.
	 * @return the longest time between two {@link Notification#WATCHDOG}s, empty if it
	 * does not want to be told
	 */
	public Optional<Duration> watchdogInterval() {
		return Optional.ofNullable(this.watchdogInterval);
	}

	/**
	 * Tells something.
	 * @param notification what
	 * @param patience how long to wait while too much is told to it, zero not to wait
	 * @return {@code false} if there was no room for it in that time
	 * @throws ErrnoException if a call fails, as where the service manager is gone
	 */
	public boolean tell(Notification notification, Duration patience) {
		ByteBuffer message = ByteBuffer.wrap(notification.toString().getBytes(StandardCharsets.UTF_8));
		try (DatagramSocket socket = DatagramSocket.connect(this.address)) {
			long end = System.nanoTime() + patience.toNanos();
			while (socket.write(message) == 0) {
				long left = end - System.nanoTime();
				if (left <= 0 || !socket.awaitRoom(Duration.ofNanos(left))) {
					return false;
				}
			}
			return true;
		}
	}

	@Override
	public String toString() {
		return "service manager at " + this.address;
	}

}

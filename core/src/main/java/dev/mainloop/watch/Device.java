package dev.mainloop.watch;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.function.Supplier;

import dev.mainloop.MainLoop;
import dev.mainloop.fd.FileDescriptor;
import dev.mainloop.fd.SerialSettings;
import dev.mainloop.libc.Errno;
import dev.mainloop.libc.ErrnoException;
import dev.mainloop.log.LogText;
import dev.mainloop.watch.FileChange.Kind;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A device that may be pulled out and come back, such as a serial line on USB: it is
 * opened when it is there, and again after its file descriptor was closed. The path may
 * be a symbolic link, as those in {@code /dev/serial/by-id} are.
 * <p>
 * It is opened when its path begins to lead to something, or gets other permissions, see
 * {@link FileWatcher}. Where that fails, and after its file descriptor was closed, the
 * next attempt follows after a second at the latest, unless there is nothing at the path.
 * The log tells when it is opened and when it cannot be. All methods may be called by any
 * thread.
 */
public final class Device implements AutoCloseable {

	private static final Logger logger = LoggerFactory.getLogger(Device.class);

	private static final Duration PAUSE = Duration.ofSeconds(1);

	private final Path path;

	private final Supplier<FileDescriptor> opening;

	/** Why it could not be opened last; owned by the loop's thread. */
	private @Nullable String failure;

	/** Written by the loop's thread, or by the one that closes it. */
	private volatile @Nullable FileDescriptor descriptor;

	/** Guarded by this object's lock, as is {@link #closed}. */
	private @Nullable FileWatcher watcher;

	private boolean closed;

	private Device(Path path, Supplier<FileDescriptor> opening) {
		this.path = path;
		this.opening = Objects.requireNonNull(opening, "'opening' must not be null");
	}

	/**
	 * Describes a device, without opening it.
	 * @param path where it is or will be
	 * @param opening opens it, on the loop's thread
	 * @return the device, to be closed by the caller
	 */
	public static Device of(Path path, Supplier<FileDescriptor> opening) {
		return new Device(path, opening);
	}

	/**
	 * Describes a serial line, without opening it.
	 * @param path where it is or will be
	 * @param settings its settings
	 * @return the device, to be closed by the caller
	 * @see FileDescriptor#openSerial
	 */
	public static Device serial(Path path, SerialSettings settings) {
		return new Device(path, () -> FileDescriptor.openSerial(path, settings));
	}

	/**
	 * Begins to open it whenever it is there.
	 * @param loop the loop on whose thread it is opened
	 * @param description what log lines call that
	 * @param handler is given its file descriptors, one after another
	 * @throws IllegalStateException if it has a handler already, or is closed
	 * @throws ErrnoException if its path cannot be watched
	 */
	public synchronized void keepOpen(MainLoop loop, String description, DeviceHandler handler) {
		if (this.watcher != null || this.closed) {
			throw new IllegalStateException(
					"The device %s %s".formatted(this, this.closed ? "is closed" : "has another handler"));
		}
		this.watcher = FileWatcher.builder(this.path)
			.kinds(List.of(Kind.CREATED, Kind.MOVED_IN, Kind.ATTRIBUTES))
			.open(loop, description, (change, watching) -> attempt(loop, description, handler));
		loop.after(description, Duration.ZERO, (timer) -> attempt(loop, description, handler));
	}

	private void attempt(MainLoop loop, String description, DeviceHandler handler) throws Exception {
		if (this.descriptor != null || !isKept()) {
			return;
		}
		FileDescriptor fd;
		try {
			fd = this.opening.get();
		}
		catch (ErrnoException | IllegalArgumentException ex) {
			failed(ex);
			if (!(ex instanceof ErrnoException error && error.is(Errno.ENOENT))) {
				loop.after(description, PAUSE, (timer) -> attempt(loop, description, handler));
			}
			return;
		}
		boolean done = false;
		try {
			opened(loop, description, fd, handler);
			done = true;
		}
		finally {
			if (!done) {
				fd.close();
			}
		}
	}

	private void opened(MainLoop loop, String description, FileDescriptor fd, DeviceHandler handler) throws Exception {
		this.failure = null;
		this.descriptor = fd;
		fd.onClose(() -> {
			this.descriptor = null;
			later(loop, description, handler);
		});
		if (!isKept()) { // or else who closes it finds the file descriptor
			fd.close();
			return;
		}
		logger.info("The device {} is opened", this);
		handler.opened(fd);
	}

	private void failed(RuntimeException failure) {
		String message = String.valueOf(failure.getMessage());
		if (!message.equals(this.failure)) {
			this.failure = message;
			logger.warn("The device {} is not open, and will be once it can be: {}", this, message);
		}
	}

	private void later(MainLoop loop, String description, DeviceHandler handler) {
		if (!isKept()) {
			return;
		}
		logger.warn("The device {} is closed, and will be opened again once it can be", this);
		try {
			loop.after(description, PAUSE, (timer) -> attempt(loop, description, handler));
		}
		catch (IllegalStateException ex) {
			// The loop is closed.
		}
	}

	private synchronized boolean isKept() {
		return !this.closed && this.watcher != null && this.watcher.isOpen();
	}

	/**
	 * Returns where it is or will be.
	 * @return the path
	 */
	public Path path() {
		return this.path;
	}

	/**
	 * Returns its file descriptor.
	 * @return that which is open, or {@code null} while none is
	 */
	public @Nullable FileDescriptor descriptor() {
		return this.descriptor;
	}

	/** Closes its file descriptor, and opens it no more. */
	@Override
	public void close() {
		FileWatcher last;
		synchronized (this) {
			this.closed = true;
			last = this.watcher;
		}
		if (last != null) {
			last.close();
		}
		FileDescriptor fd = this.descriptor;
		if (fd != null) {
			fd.close();
		}
	}

	@Override
	public String toString() {
		return LogText.of(this.path.toString());
	}

}

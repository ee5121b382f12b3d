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
	 * @param opening opens it, on the loop's thread; what it throws is told by the log,
	 * and it is tried again
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
		Attempts attempts = new Attempts(loop, description, handler);
		this.watcher = FileWatcher.builder(this.path)
			.kinds(List.of(Kind.CREATED, Kind.MOVED_IN, Kind.ATTRIBUTES))
			.open(loop, description, (change, watching) -> attempts.attempt());
		attempts.attemptAfter(Duration.ZERO);
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

	/** Opens it again and again, on the loop's thread. */
	private final class Attempts {

		private final MainLoop loop;

		private final String description;

		private final DeviceHandler handler;

		/** Why it could not be opened last. */
		private @Nullable String failure;

		Attempts(MainLoop loop, String description, DeviceHandler handler) {
			this.loop = loop;
			this.description = description;
			this.handler = Objects.requireNonNull(handler, "'handler' must not be null");
		}

		void attemptAfter(Duration pause) {
			this.loop.after(this.description, pause, (timer) -> attempt());
		}

		void attempt() throws Exception {
			if (Device.this.descriptor != null || !isKept()) {
				return;
			}
			FileDescriptor fd;
			try {
				fd = Device.this.opening.get();
			}
			catch (RuntimeException ex) {
				failed(ex);
				return;
			}
			boolean done = false;
			try {
				opened(fd);
				done = true;
			}
			finally {
				if (!done) {
					fd.close();
				}
			}
		}

		private void failed(RuntimeException thrown) {
			String message = String.valueOf(thrown.getMessage());
			if (!message.equals(this.failure)) {
				this.failure = message;
				logger.warn("The device {} is not open, and will be once it can be: {}", Device.this, message);
			}
			if (!(thrown instanceof ErrnoException error && error.is(Errno.ENOENT))) {
				attemptAfter(PAUSE);
			}
		}

		private void opened(FileDescriptor fd) throws Exception {
			this.failure = null;
			Device.this.descriptor = fd;
			fd.onClose(this::closed);
			if (!isKept()) { // or else who closes it finds the file descriptor
				fd.close();
				return;
			}
			logger.info("The device {} is opened", Device.this);
			this.handler.opened(fd);
		}

		/** Called by whoever has closed the file descriptor. */
		private void closed() {
			Device.this.descriptor = null;
			if (!isKept()) {
				return;
			}
			logger.warn("The device {} is closed, and will be opened again once it can be", Device.this);
			try {
				attemptAfter(PAUSE);
			}
			catch (IllegalStateException ex) {
				// The loop is closed.
			}
		}

	}

}

package dev.mainloop.fd;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.function.IntSupplier;

import dev.mainloop.libc.Errno;
import dev.mainloop.libc.ErrnoException;
import dev.mainloop.libc.InotifyCalls;
import dev.mainloop.libc.InotifyEvents;
import dev.mainloop.libc.LibC;

/**
 * An inotify instance: readable while events of the files that it watches wait, see
 * {@code inotify(7)}. All methods may be called by any thread.
 * <p>
 * Paths and names are texts of which each character is a byte ({@code ISO-8859-1}), as a
 * file may have a name that is valid in no charset, see {@link PathBytes}.
 */
public final class Inotify extends FileDescriptor {

	private static final int BUFFER_SIZE = 64 * 1024;

	private static final Path PARAMETERS = Path.of("/proc/sys");

	private final InotifyEvents events;

	private Inotify(InotifyEvents events, String description, IntSupplier opening) {
		super(description, opening);
		this.events = events;
	}

	/**
	 * Opens an instance.
	 * @param description what log lines call it
	 * @return the instance, to be closed by the caller
	 * @throws InotifyLimitException if the user has as many as it may
	 * @throws ErrnoException if {@code inotify_init1(2)} fails otherwise
	 */
	public static Inotify open(String description) {
		return new Inotify(new InotifyEvents(BUFFER_SIZE), description, () -> {
			int result = InotifyCalls.open();
			if (result < 0) {
				throw (Errno.EMFILE.is(result) && mayOpenAnother()) ? limit(result, "inotify_init1", "instances")
						: new ErrnoException(result, "inotify_init1");
			}
			return result;
		});
	}

	/** Whether it is not the process that has as many file descriptors as it may. */
	private static boolean mayOpenAnother() {
		int number = LibC.eventFd(0, 0);
		if (number >= 0) {
			LibC.close(number);
		}
		return number >= 0;
	}

	/**
	 * Watches a file.
	 * @param path the path
	 * @param mask {@code IN_…} bits of {@link InotifyCalls}
	 * @return the number of the watch, one for each file, whatever its paths
	 * @throws InotifyLimitException if the user has as many watches as it may
	 * @throws ErrnoException if {@code inotify_add_watch(2)} fails otherwise
	 */
	public int watch(String path, int mask) {
		int fd = acquire();
		try {
			int result = InotifyCalls.addWatch(fd, path.getBytes(StandardCharsets.ISO_8859_1), mask);
			if (result < 0) {
				throw Errno.ENOSPC.is(result) ? limit(result, "inotify_add_watch", "watches", path)
						: new ErrnoException(result, "inotify_add_watch", path);
			}
			return result;
		}
		finally {
			release();
		}
	}

	/**
	 * Ends a watch, if it has not ended with its file.
	 * @param watch the number of the watch
	 */
	public void unwatch(int watch) {
		int fd = acquire();
		try {
			InotifyCalls.removeWatch(fd, watch);
		}
		finally {
			release();
		}
	}

	/**
	 * Takes events with one system call, at most 64 KiB of them, in their order.
	 * @param listener is given each, in the calling thread, and must not throw
	 * @return {@code false} if there were none
	 * @throws ErrnoException if the call fails
	 */
	public boolean take(Listener listener) {
		int fd = acquire();
		try {
			synchronized (this.events) {
				int result;
				do {
					result = this.events.readFrom(fd);
				}
				while (Errno.EINTR.is(result));
				if (Errno.EAGAIN.is(result)) {
					return false;
				}
				if (result < 0) {
					throw new ErrnoException(result, "read", this);
				}
				transferred();
				while (this.events.next()) {
					listener.event(this.events.watch(), this.events.mask(), this.events.name());
				}
				return true;
			}
		}
		finally {
			release();
		}
	}

	private static InotifyLimitException limit(int result, String call, String what, Object... arguments) {
		return limit(PARAMETERS, result, call, what, arguments);
	}

	/**
	 * Names the limit that was reached: that of the user namespace where it is lower than
	 * that of the machine, which has it as well.
	 */
	static InotifyLimitException limit(Path parameters, int result, String call, String what, Object... arguments) {
		String ofMachine = parameter(parameters.resolve("fs/inotify/max_user_" + what));
		String ofNamespace = parameter(parameters.resolve("user/max_inotify_" + what));
		return isLess(ofNamespace, ofMachine)
				? new InotifyLimitException(result, call, "user.max_inotify_" + what, ofNamespace, arguments)
				: new InotifyLimitException(result, call, "fs.inotify.max_user_" + what, ofMachine, arguments);
	}

	private static boolean isLess(String some, String other) {
		try {
			return Long.parseLong(some) < Long.parseLong(other);
		}
		catch (NumberFormatException ex) {
			return false;
		}
	}

	private static String parameter(Path file) {
		try {
			// The kernel answers the first read alone.
			return Files.readAllLines(file).get(0);
		}
		catch (IOException ex) {
			return "unknown";
		}
	}

	/** Is given events. */
	@FunctionalInterface
	public interface Listener {

		/**
		 * Is given an event.
		 * @param watch the number of the watch, or -1 where events were dropped
		 * @param mask {@code IN_…} bits of {@link InotifyCalls}
		 * @param name the name in the directory that is watched, empty if the event is
		 * that of what is watched itself
		 */
		void event(int watch, int mask, String name);

	}

}

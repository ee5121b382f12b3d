package dev.mainloop.fd;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.LinkOption;
import java.nio.file.Path;

import dev.mainloop.libc.Errno;
import dev.mainloop.libc.ErrnoException;
import dev.mainloop.libc.LibC;
import dev.mainloop.log.LogText;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Makes FIFOs and opens them, see {@code fifo(7)}.
 */
final class Fifo {

	private static final int PERMISSIONS = 0600;

	private Fifo() {
	}

	/**
	 * Opens a FIFO for reading and writing, which is made when there is none.
	 * @param path its path
	 * @param name the bytes of the path
	 * @return the number of the file descriptor
	 */
	static int open(Path path, byte[] name) {
		int result = LibC.mkfifo(name, PERMISSIONS);
		if (result < 0 && !Errno.EEXIST.is(result)) {
			throw new ErrnoException(result, "mkfifo", path);
		}
		if (result < 0) {
			// Opening a device may start something.
			requireFifo(path, statusOf(path));
		}
		return FileDescriptor.open(() -> FileDescriptor.open(path, name, LibC.O_RDWR | LibC.O_NOFOLLOW, 0),
				(number) -> {
					FileStatus status = FileStatus.of(number);
					requireFifo(path, status);
					warnOfOthers(path, status);
				});
	}

	private static FileStatus statusOf(Path path) {
		try {
			return FileStatus.of(path, LinkOption.NOFOLLOW_LINKS);
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	private static void requireFifo(Path path, FileStatus status) {
		if (!status.isFifo()) {
			throw new IllegalStateException("'%s' is %s and not a FIFO: remove it, or choose another path for the FIFO"
				.formatted(LogText.of(path), status.type()));
		}
	}

	/**
	 * Tells who else has the FIFO. It is not refused, as a FIFO of another service, or
	 * one that a group may write, can be what is wanted.
	 */
	private static void warnOfOthers(Path path, FileStatus status) {
		Logger logger = LoggerFactory.getLogger(Fifo.class);
		if (status.owner() != LibC.effectiveUserId()) {
			logger.warn(("The FIFO '%s' belongs to the user %d and not to this process: that user can write to it, "
					+ "read from it and let others do so. Remove it if it is not theirs, and it is made anew")
				.formatted(LogText.of(path), Integer.toUnsignedLong(status.owner())));
		}
		if (status.isWritableByOthers()) {
			logger.warn(("The FIFO '%s' has the mode %s, by which others than its owner can write to it. Take that "
					+ "from them by 'chmod go-w' if nobody else shall")
				.formatted(LogText.of(path), status.permissions()));
		}
	}

}

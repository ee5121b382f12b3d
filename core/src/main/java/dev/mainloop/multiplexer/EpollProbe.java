package dev.mainloop.multiplexer;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

import dev.mainloop.libc.EpollEvents;
import dev.mainloop.libc.Errno;
import dev.mainloop.libc.LibC;

/**
 * Tells which file descriptors never have to be waited for, of which {@code poll(2)} and
 * {@code select(2)} say that they are always ready, by asking {@code epoll(7)}. Where
 * epoll itself is refused, these are regular files and directories, but for those that
 * the kernel makes up. To be used by one thread at a time.
 */
final class EpollProbe {

	private static final Path DESCRIPTORS = Path.of("/proc/self/fd");

	private final EpollEvents nothing = new EpollEvents(1);

	/**
	 * Tells why a file descriptor cannot be watched.
	 * @param number its number
	 * @return a negated errno, {@code -EPERM} if it never has to be waited for and
	 * {@code -EBADF} if it is not open; zero or more if it can
	 */
	int refusal(int number) {
		int epollFd = LibC.epollCreate();
		if (epollFd < 0) {
			return isOnDisk(DESCRIPTORS.resolve(Integer.toString(number))) ? -Errno.EPERM.number() : 0;
		}
		// The number is free if the probe itself has got it.
		int result = (epollFd == number) ? -Errno.EBADF.number()
				: LibC.epollControl(epollFd, LibC.EPOLL_CTL_ADD, number, this.nothing.address());
		LibC.close(epollFd);
		return result;
	}

	private static boolean isOnDisk(Path link) {
		return (Files.isRegularFile(link) || Files.isDirectory(link)) && !isMadeUp(link);
	}

	private static boolean isMadeUp(Path link) {
		try {
			Path file = Files.readSymbolicLink(link);
			return file.startsWith("/proc") || file.startsWith("/sys");
		}
		catch (IOException ex) {
			return false;
		}
	}

}

package dev.mainloop.kernel;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

import dev.mainloop.fd.FileDescriptor;
import dev.mainloop.fd.Signal;

/**
 * What the kernel tells about this process, see {@code proc(5)}.
 */
public final class ProcessFiles {

	/** A number that the JVM takes for nothing, as it has lower ones. */
	public static final int HIGH_NUMBER = 900;

	private static final Path DESCRIPTORS = Path.of("/proc/self/fd");

	private ProcessFiles() {
	}

	/**
	 * Returns the number of a file descriptor.
	 * @param fd the file descriptor, which is open
	 * @return its number
	 */
	public static int number(FileDescriptor fd) {
		int number = fd.acquire();
		fd.release();
		return number;
	}

	/**
	 * Tells whether the kernel has something open under a number, but for the files of
	 * its control group that the JVM opens for a moment at any time, under any number
	 * that is free.
	 * @param number the number
	 * @return {@code true} if it has
	 */
	public static boolean isOpen(int number) {
		String target = target(DESCRIPTORS.resolve(Integer.toString(number)));
		return target != null && !target.startsWith("/sys/fs/cgroup/") && !target.startsWith("/proc/");
	}

	/**
	 * Tells whether this process has a file open under a number. Another thread may have
	 * taken the number for another file since.
	 * @param number the number
	 * @param file the path of the file, or {@code anon_inode:} and the kind of what has
	 * none
	 * @return {@code true} if it has
	 */
	public static boolean isOpen(int number, Object file) {
		return file.toString().equals(target(DESCRIPTORS.resolve(Integer.toString(number))));
	}

	/**
	 * Returns the flags with which a file descriptor was opened.
	 * @param fd the file descriptor
	 * @return {@code O_…} bits
	 */
	public static int flags(FileDescriptor fd) {
		return flags(number(fd));
	}

	/**
	 * Returns the flags with which a file descriptor was opened.
	 * @param number its number
	 * @return {@code O_…} bits
	 */
	public static int flags(int number) {
		return Integer.parseInt(info(number, "flags:"), 8);
	}

	/**
	 * Returns the counter of an eventfd without reading it.
	 * @param fd the eventfd
	 * @return its counter
	 */
	public static long eventFdCount(FileDescriptor fd) {
		return Long.parseUnsignedLong(info(number(fd), "eventfd-count:"), 16);
	}

	/**
	 * Tells whether this process was started with a signal ignored, which the JVM
	 * respects for {@code SIGHUP}, {@code SIGINT} and {@code SIGTERM}.
	 * @param signal the signal
	 * @return {@code true} if it is ignored
	 */
	public static boolean isIgnored(Signal signal) {
		long mask = Long.parseUnsignedLong(field(Path.of("/proc/self/status"), "SigIgn:"), 16);
		return (mask & 1L << (signal.number() - 1)) != 0;
	}

	/**
	 * Returns the capabilities of this process.
	 * @return a bit for each, see {@link Capability}
	 */
	static long capabilities() {
		return Long.parseUnsignedLong(field(Path.of("/proc/self/status"), "CapEff:"), 16);
	}

	/**
	 * Tells whether user ids mean the same to this process as to the kernel.
	 * @return {@code true} if none is mapped, see {@code user_namespaces(7)}
	 */
	static boolean isInFirstUserNamespace() {
		try {
			return Files.readString(Path.of("/proc/self/uid_map")).strip().matches("0\\s+0\\s+4294967295");
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	/**
	 * Returns what this process has open.
	 * @return what the kernel calls each, by its number
	 */
	public static Map<Integer, String> open() {
		Map<Integer, String> open = new TreeMap<>();
		try (DirectoryStream<Path> entries = Files.newDirectoryStream(DESCRIPTORS)) {
			for (Path entry : entries) {
				String target = target(entry);
				if (target != null) {
					open.put(Integer.valueOf(entry.getFileName().toString()), target);
				}
			}
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
		return open;
	}

	/**
	 * Returns what this process has open under no path: pipes, sockets, processes and
	 * {@linkplain #anonymous() what else has no file}. The JVM opens files for itself at
	 * any time, such as those of its control group.
	 * @return what the kernel calls each
	 */
	public static List<String> withoutPath() {
		return open().values().stream().filter((target) -> !target.startsWith("/")).sorted().toList();
	}

	/**
	 * Returns what this process has open of the kind that has no file: epoll instances,
	 * eventfds, timerfds and signalfds.
	 * @return the kind of each, in the order of the kinds
	 */
	public static List<String> anonymous() {
		return open().values().stream().filter((target) -> target.startsWith("anon_inode:")).sorted().toList();
	}

	private static String info(int number, String name) {
		return field(Path.of("/proc/self/fdinfo/" + number), name);
	}

	static String field(Path file, String name) {
		try {
			return Files.readAllLines(file)
				.stream()
				.filter((line) -> line.startsWith(name))
				.map((line) -> line.substring(name.length()).trim())
				.findFirst()
				.orElseThrow();
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	private static String target(Path entry) {
		try {
			return Files.readSymbolicLink(entry).toString();
		}
		catch (NoSuchFileException ex) {
			return null;
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

}

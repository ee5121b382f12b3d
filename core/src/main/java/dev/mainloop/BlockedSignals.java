package dev.mainloop;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import dev.mainloop.fd.Signal;

/**
 * The signals that every thread of the process blocks, so that they wait for a signalfd,
 * as {@code /proc/self/task} shows them, see {@code proc(5)}.
 *
 * @param mask a bit for each signal, the lowest for number 1
 */
record BlockedSignals(long mask) {

	private static final BlockedSignals NONE = new BlockedSignals(0);

	private static final Path TASKS = Path.of("/proc/self/task");

	private static final Path STATUS = Path.of("/proc/self/status");

	/**
	 * Reads them.
	 * @return those that every thread blocks, none where there is no {@code /proc}
	 */
	static BlockedSignals read() {
		long mask = -1;
		try (DirectoryStream<Path> tasks = Files.newDirectoryStream(TASKS)) {
			for (Path task : tasks) {
				mask &= mask(task);
			}
		}
		catch (NoSuchFileException ex) {
			return NONE;
		}
		catch (IOException ex) {
			throw new UncheckedIOException("The signals that the threads block cannot be read", ex);
		}
		return new BlockedSignals(mask);
	}

	/**
	 * Reads what a thread blocks. One that ends meanwhile cannot be read, or shows that
	 * it blocks nothing, and does not count.
	 */
	private static long mask(Path task) throws IOException {
		try {
			long mask = mask(task.resolve("status"), "SigBlk:");
			return Files.exists(task) ? mask : -1;
		}
		catch (IOException ex) {
			if (Files.exists(task)) {
				throw ex;
			}
			return -1;
		}
	}

	private static long mask(Path status, String field) throws IOException {
		for (String line : Files.readAllLines(status)) {
			if (line.startsWith(field)) {
				return Long.parseUnsignedLong(line.substring(field.length()).trim(), 16);
			}
		}
		return -1;
	}

	/**
	 * Tells whether the process ignores a signal, as {@code nohup(1)} has it do.
	 * @param signal the signal
	 * @return {@code true} if it does
	 */
	static boolean isIgnored(Signal signal) {
		return isAmong("SigIgn:", signal);
	}

	/**
	 * Tells whether the process has a handler for a signal, the JVM's or another.
	 * @param signal the signal
	 * @return {@code true} if it has, {@code false} where there is no {@code /proc}
	 */
	static boolean isCaught(Signal signal) {
		return isAmong("SigCgt:", signal);
	}

	private static boolean isAmong(String field, Signal signal) {
		try {
			return new BlockedSignals(mask(STATUS, field)).contains(signal);
		}
		catch (IOException ex) {
			return false;
		}
	}

	boolean contains(Signal signal) {
		return (this.mask & 1L << (signal.number() - 1)) != 0;
	}

	/**
	 * Tells how to have a signal blocked. {@code INT} and {@code TERM} go with it, as a
	 * JVM with {@code -Xrs} would be ended by them at once, without its shutdown.
	 * @param signal the signal
	 * @return a sentence without its full stop
	 */
	static String remedy(Signal signal) {
		return "Start the application with '%s', so that signalfd can take it".formatted(command(signal.bareName()));
	}

	/**
	 * Returns the command that starts an application with a signal blocked.
	 * @param name the bare name of the signal
	 * @return the command
	 */
	static String command(String name) {
		String blocked = Stream.of(name, "INT", "TERM").distinct().collect(Collectors.joining(","));
		return "env --block-signal=%s java -Xrs -jar app.jar".formatted(blocked);
	}

}

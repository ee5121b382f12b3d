package dev.mainloop;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;

import dev.mainloop.fd.Signal;

/**
 * The signals that every thread of the process blocks, so that they wait for a signalfd,
 * as {@code /proc/self/task} shows them, see {@code proc(5)}.
 *
 * @param mask a bit for each signal, the lowest for number 1
 */
record BlockedSignals(long mask) {

	private static final Path TASKS = Path.of("/proc/self/task");

	private static final String FIELD = "SigBlk:";

	static BlockedSignals read() {
		long mask = -1;
		try (DirectoryStream<Path> tasks = Files.newDirectoryStream(TASKS)) {
			for (Path task : tasks) {
				mask &= mask(task);
			}
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
			long mask = Files.readAllLines(task.resolve("status"))
				.stream()
				.filter((line) -> line.startsWith(FIELD))
				.mapToLong((line) -> Long.parseUnsignedLong(line.substring(FIELD.length()).trim(), 16))
				.findFirst()
				.orElse(-1);
			return Files.exists(task) ? mask : -1;
		}
		catch (IOException ex) {
			if (Files.exists(task)) {
				throw ex;
			}
			return -1;
		}
	}

	boolean contains(Signal signal) {
		return (this.mask & 1L << (signal.number() - 1)) != 0;
	}

	/**
	 * Tells how to have a signal blocked.
	 * @param signal the signal
	 * @return a sentence without its full stop
	 */
	static String remedy(Signal signal) {
		return "Start the application with 'env --block-signal=%s java -Xrs -jar app.jar', so that signalfd can take it"
			.formatted(signal.bareName());
	}

}

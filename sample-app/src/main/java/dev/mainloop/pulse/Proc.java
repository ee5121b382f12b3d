package dev.mainloop.pulse;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import org.jspecify.annotations.Nullable;

import org.springframework.stereotype.Component;

/**
 * What the kernel tells about the host in {@code proc(5)}. These files are no files on a
 * disk: the kernel answers at once, and so an event handler may read them.
 */
@Component
class Proc {

	private static final double CENTS = 100.0;

	private final Path directory;

	Proc() {
		this(Path.of("/proc"));
	}

	Proc(Path directory) {
		this.directory = directory;
	}

	CpuTimes cpuTimes() throws IOException {
		return CpuTimes.parse(read("stat"));
	}

	/**
	 * Reads how much memory is in use.
	 * @return what is not available to a new program, in percent
	 * @throws IOException if it cannot be read
	 */
	double memory() throws IOException {
		String text = read("meminfo");
		long total = kilobytes(text, "MemTotal");
		return percent(total - kilobytes(text, "MemAvailable"), total);
	}

	private static long kilobytes(String meminfo, String name) {
		Matcher matcher = Pattern.compile("^" + name + ": +(\\d+) kB$", Pattern.MULTILINE).matcher(meminfo);
		if (!matcher.find()) {
			throw new IllegalArgumentException("/proc/meminfo has no '%s'".formatted(name));
		}
		return Long.parseLong(matcher.group(1));
	}

	/**
	 * Reads the load of the last minute.
	 * @return how many tasks ran or waited to run on average
	 * @throws IOException if it cannot be read
	 */
	double load() throws IOException {
		return Double.parseDouble(read("loadavg").split(" ", 2)[0]);
	}

	/**
	 * Reads the pressure on the host.
	 * @return the pressure, or {@code null} where the kernel does not measure it
	 */
	@Nullable Pressure pressure() {
		try {
			return new Pressure(Pressure.parse(read("pressure/cpu")), Pressure.parse(read("pressure/memory")),
					Pressure.parse(read("pressure/io")));
		}
		catch (IOException ex) {
			return null;
		}
	}

	private String read(String name) throws IOException {
		return Files.readString(this.directory.resolve(name));
	}

	/**
	 * Calculates a percentage.
	 * @param part the part
	 * @param whole the whole
	 * @return the percentage from 0 to 100 with two digits after the point
	 */
	static double percent(long part, long whole) {
		double percent = (whole > 0) ? 100.0 * part / whole : 0;
		return Math.round(Math.min(Math.max(percent, 0), 100) * CENTS) / CENTS;
	}

}

package dev.mainloop.pulse;

import java.nio.file.Path;
import java.util.function.Supplier;

import dev.mainloop.log.BurstLog;

import org.springframework.test.context.DynamicPropertyRegistry;

/**
 * Where pulse has its files in a test.
 */
final class PulseFiles {

	private PulseFiles() {
	}

	/** Returns a log for what is tested alone. */
	static BurstLog log() {
		return new BurstLog(System::nanoTime, (delay, task) -> {
		}, (lines) -> {
		});
	}

	/**
	 * Has pulse keep all of them in one directory.
	 * @param registry takes the properties
	 * @param directory the directory, which is asked for when pulse starts
	 */
	static void register(DynamicPropertyRegistry registry, Supplier<Path> directory) {
		registry.add("pulse.thresholds", () -> directory.get().resolve("thresholds.properties").toString());
		registry.add("pulse.commands", () -> directory.get().resolve("commands"));
		registry.add("pulse.snapshot", () -> directory.get().resolve("snapshot.json"));
	}

}

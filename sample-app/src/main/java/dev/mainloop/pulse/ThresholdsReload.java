package dev.mainloop.pulse;

import java.io.IOException;

import dev.mainloop.EventQueue;
import dev.mainloop.annotation.EventHandler;
import dev.mainloop.annotation.OnMessage;
import dev.mainloop.annotation.OnSignal;
import dev.mainloop.log.BurstLog;
import dev.mainloop.log.LogText;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import org.springframework.core.task.TaskExecutor;

/**
 * Reads the thresholds again at {@code SIGHUP}: another thread reads the file, and what
 * it finds comes back to the loop as a message.
 */
@EventHandler
class ThresholdsReload {

	private static final Logger logger = LoggerFactory.getLogger(ThresholdsReload.class);

	private static final BurstLog.Kind UNUSABLE = (times) -> logger
		.warn("The file of 'pulse.thresholds' could not be used {} more times", times);

	private final ThresholdsFile file;

	private final BurstLog log;

	private final Job<ThresholdsRead> reading;

	ThresholdsReload(ThresholdsFile file, TaskExecutor worker, EventQueue<ThresholdsRead> results, BurstLog log) {
		this.file = file;
		this.log = log;
		this.reading = new Job<>(worker, results);
	}

	@OnSignal("SIGHUP")
	void reload() {
		if (!this.reading.isToWait()) {
			this.reading.start(() -> new ThresholdsRead(read()));
		}
	}

	private @Nullable Thresholds read() {
		try {
			return this.file.read();
		}
		catch (IOException | IllegalArgumentException ex) {
			this.log.log(UNUSABLE, () -> logger.warn(
					"The thresholds stay, as {} (pulse.thresholds) cannot be used: {}. Correct it, and send SIGHUP",
					this.file.path(), LogText.of(ex.getMessage())));
			return null;
		}
	}

	/** Sends them on to whoever wants them. */
	@OnMessage
	@Nullable Thresholds pass(ThresholdsRead read) {
		if (this.reading.end()) {
			reload();
		}
		return read.thresholds();
	}

}

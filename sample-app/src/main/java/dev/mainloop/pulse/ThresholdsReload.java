package dev.mainloop.pulse;

import java.io.IOException;

import dev.mainloop.EventQueue;
import dev.mainloop.annotation.EventHandler;
import dev.mainloop.annotation.OnSignal;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;

import org.springframework.core.task.TaskExecutor;

/**
 * Reads the thresholds again at {@code SIGHUP}: another thread reads the file, and what
 * it finds comes back to the loop as a message.
 */
@EventHandler
class ThresholdsReload {

	private static final Log logger = LogFactory.getLog(ThresholdsReload.class);

	private final ThresholdsFile file;

	private final TaskExecutor worker;

	private final EventQueue<Thresholds> thresholds;

	ThresholdsReload(ThresholdsFile file, TaskExecutor worker, EventQueue<Thresholds> thresholds) {
		this.file = file;
		this.worker = worker;
		this.thresholds = thresholds;
	}

	@OnSignal("SIGHUP")
	void reload() {
		this.worker.execute(this::read);
	}

	private void read() {
		try {
			this.thresholds.send(this.file.read());
		}
		catch (IOException | IllegalArgumentException ex) {
			logger.warn("The thresholds stay, as %s cannot be used: %s".formatted(this.file.path(), ex.getMessage()));
		}
	}

}

package dev.mainloop.pulse;

import java.util.concurrent.CompletionException;

import dev.mainloop.EventQueue;
import dev.mainloop.annotation.EventHandler;
import dev.mainloop.annotation.OnFileChange;
import dev.mainloop.annotation.OnSignal;
import dev.mainloop.file.AsyncFiles;
import dev.mainloop.log.BurstLog;
import dev.mainloop.log.LogText;
import dev.mainloop.watch.FileChange.Kind;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads the thresholds again when their file changes and at {@code SIGHUP}, apart from
 * the loop, and sends what it finds to whoever wants it.
 */
@EventHandler
class ThresholdsReload {

	private static final Logger logger = LoggerFactory.getLogger(ThresholdsReload.class);

	private static final BurstLog.Kind UNUSABLE = (times) -> logger
		.warn("The file of 'pulse.thresholds' could not be used {} more times", times);

	private final ThresholdsFile file;

	private final EventQueue<Thresholds> thresholds;

	private final BurstLog log;

	private final Job reading;

	ThresholdsReload(ThresholdsFile file, AsyncFiles files, EventQueue<Thresholds> thresholds, BurstLog log) {
		this.file = file;
		this.thresholds = thresholds;
		this.log = log;
		this.reading = new Job(() -> file.read(files).handle(this::tell));
	}

	@OnFileChange(value = "${pulse.thresholds}", kinds = { Kind.WRITTEN, Kind.MOVED_IN }, initial = true)
	@OnSignal("SIGHUP")
	void reload() {
		this.reading.request();
	}

	private @Nullable Void tell(@Nullable Thresholds read, @Nullable Throwable failure) {
		if (read != null) {
			this.thresholds.send(read);
		}
		else if (failure != null) {
			Throwable cause = (failure instanceof CompletionException && failure.getCause() != null)
					? failure.getCause() : failure;
			this.log.log(UNUSABLE, () -> logger.warn(
					"The thresholds stay, as {} (pulse.thresholds) cannot be used: {}. Correct it, and it is read again",
					this.file.path(), LogText.of(cause.getMessage())));
		}
		return null;
	}

}

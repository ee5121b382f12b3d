package dev.mainloop.pulse;

import java.io.IOException;

import dev.mainloop.EventQueue;
import dev.mainloop.annotation.EventHandler;
import dev.mainloop.annotation.OnMessage;
import dev.mainloop.log.BurstLog;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import org.springframework.boot.context.properties.source.InvalidConfigurationPropertyValueException;

/**
 * Compares the samples with the thresholds and sends the alerts.
 */
@EventHandler
class ThresholdWatch {

	private static final Logger logger = LoggerFactory.getLogger(ThresholdWatch.class);

	private static final BurstLog.Kind CHANGED = (times) -> logger.info("The thresholds were set {} more times", times);

	private final EventQueue<Alert> alerts;

	private final BurstLog log;

	private final Crossings crossings = new Crossings();

	private Thresholds thresholds;

	ThresholdWatch(ThresholdsFile file, EventQueue<Alert> alerts, BurstLog log) {
		this.alerts = alerts;
		this.log = log;
		try {
			this.thresholds = file.read();
		}
		catch (IOException | IllegalArgumentException ex) {
			throw new InvalidConfigurationPropertyValueException("pulse.thresholds", file.path(),
					"The file %s cannot be used: %s".formatted(file.path(), ex.getMessage()));
		}
	}

	@OnMessage
	void check(Sample sample) {
		this.crossings.find(sample, this.thresholds).forEach(this.alerts::send);
	}

	@OnMessage
	void use(Thresholds thresholds) {
		if (!thresholds.equals(this.thresholds)) {
			this.thresholds = thresholds;
			this.log.log(CHANGED, () -> logger.info("The thresholds are now {}", thresholds));
		}
	}

	@OnMessage
	void set(Command.SetThreshold command) {
		use(this.thresholds.with(command.metric(), command.threshold()));
	}

	@OnMessage
	void answer(ThresholdsQuery query) {
		query.answer().complete(this.thresholds);
	}

}

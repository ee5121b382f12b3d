package dev.mainloop.pulse;

import dev.mainloop.annotation.EventHandler;
import dev.mainloop.annotation.OnMessage;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Logs the alerts. Whoever sends them does not know of it.
 */
@EventHandler
class AlertLog {

	private static final Logger logger = LoggerFactory.getLogger(AlertLog.class);

	@OnMessage
	void log(Alert alert) {
		logger.warn("Alert: {} is {}, above {}", alert.metric(), alert.value(), alert.threshold());
	}

}

package dev.mainloop.pulse;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import org.springframework.boot.context.event.ApplicationReadyEvent;
import org.springframework.context.event.EventListener;
import org.springframework.core.env.Environment;
import org.springframework.stereotype.Component;

/**
 * Tells at start-up what one can try.
 */
@Component
class Greeting {

	private static final Logger logger = LoggerFactory.getLogger(Greeting.class);

	private final PulseProperties properties;

	private final Environment environment;

	Greeting(PulseProperties properties, Environment environment) {
		this.properties = properties;
		this.environment = environment;
	}

	@EventListener(ApplicationReadyEvent.class)
	void greet() {
		String port = this.environment.getProperty("local.server.port");
		long pid = ProcessHandle.current().pid();
		logger.info("See http://localhost:{}/, or its /api/samples, /api/thresholds and /actuator/health", port);
		logger.info("Try echo 'threshold cpu 1' > {}, edit {} and kill -HUP {}, or kill -USR1 {} to have {}",
				this.properties.commands(), this.properties.thresholds(), pid, pid, this.properties.snapshot());
	}

}

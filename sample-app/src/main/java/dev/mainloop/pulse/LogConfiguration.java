package dev.mainloop.pulse;

import dev.mainloop.MainLoop;
import dev.mainloop.log.BurstLog;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/**
 * Keeps what others send from filling the log. The application context closes what sums
 * it up, so that the last sums are told, too.
 */
@Configuration(proxyBeanMethods = false)
class LogConfiguration {

	private static final Logger logger = LoggerFactory.getLogger(LogConfiguration.class);

	@Bean
	BurstLog burstLog(MainLoop loop) {
		return loop.burstLog((lines) -> logger.warn("{} more lines of other kinds", lines));
	}

}

package dev.mainloop.pulse;

import dev.mainloop.annotation.EventHandler;
import dev.mainloop.annotation.OnPressure;
import dev.mainloop.fd.PressureResource;
import dev.mainloop.fd.PressureThreshold;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Logs when tasks of the host wait too long for memory or a disk, where the kernel tells.
 */
@EventHandler
class PressureLog {

	private static final Logger logger = LoggerFactory.getLogger(PressureLog.class);

	@OnPressure(resource = PressureResource.MEMORY, stall = "200ms", required = false)
	@OnPressure(resource = PressureResource.IO, stall = "1s", required = false)
	void log(PressureThreshold passed) {
		logger.warn("Tasks have waited for {} for {} ms within {} ms", passed.resource(), passed.stall().toMillis(),
				passed.window().toMillis());
	}

}

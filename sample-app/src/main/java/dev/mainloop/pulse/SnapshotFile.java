package dev.mainloop.pulse;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;

import dev.mainloop.log.BurstLog;
import dev.mainloop.log.LogText;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.json.JsonMapper;

import org.springframework.stereotype.Component;

/**
 * The file with the last snapshot, which a reader finds whole at any time.
 */
@Component
class SnapshotFile {

	private static final Logger logger = LoggerFactory.getLogger(SnapshotFile.class);

	private static final BurstLog.Kind WRITTEN = (times) -> logger.info("Wrote {} more snapshots", times);

	private static final BurstLog.Kind FAILED = (times) -> logger.warn("{} more snapshots could not be written", times);

	private final Path path;

	private final JsonMapper jsonMapper;

	private final BurstLog log;

	SnapshotFile(PulseProperties properties, JsonMapper jsonMapper, BurstLog log) {
		this.path = properties.snapshot();
		this.jsonMapper = jsonMapper;
		this.log = log;
	}

	void write(List<Sample> samples) {
		try {
			Path temporary = Files.createTempFile(PrivateDirectory.of(this.path), "snapshot", ".tmp");
			try {
				this.jsonMapper.writeValue(temporary, samples);
				Files.move(temporary, this.path, StandardCopyOption.ATOMIC_MOVE);
			}
			finally {
				Files.deleteIfExists(temporary);
			}
			this.log.log(WRITTEN, () -> logger.info("Wrote {} samples to {}", samples.size(), this.path));
		}
		catch (IOException | JacksonException ex) {
			this.log.log(FAILED,
					() -> logger.warn("The snapshot cannot be written to {} (pulse.snapshot), whose directory has to "
							+ "be there and to take files: {}", this.path, LogText.of(ex)));
		}
	}

}

package dev.mainloop.pulse;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;

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

	private final Path path;

	private final JsonMapper jsonMapper;

	SnapshotFile(PulseProperties properties, JsonMapper jsonMapper) {
		this.path = properties.snapshot();
		this.jsonMapper = jsonMapper;
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
			logger.info("Wrote %d samples to %s".formatted(samples.size(), this.path));
		}
		catch (IOException | JacksonException ex) {
			logger.warn("The snapshot cannot be written: " + LogText.of(ex));
		}
	}

}

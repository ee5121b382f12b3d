package dev.mainloop.pulse;

import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CompletableFuture;

import dev.mainloop.file.AsyncFiles;
import dev.mainloop.log.BurstLog;
import dev.mainloop.log.LogText;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
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

	private static final int PERMISSIONS = 0600;

	private final Path path;

	private final AsyncFiles files;

	private final JsonMapper jsonMapper;

	private final BurstLog log;

	SnapshotFile(PulseProperties properties, AsyncFiles files, JsonMapper jsonMapper, BurstLog log) {
		this.path = properties.snapshot();
		this.files = files;
		this.jsonMapper = jsonMapper;
		this.log = log;
		PrivateDirectory.of("pulse.snapshot", this.path);
	}

	/** Writes samples apart from the loop, as a disk may be slow. */
	CompletableFuture<@Nullable Void> write(List<Sample> samples) {
		return this.files.replace(this.path, this.jsonMapper.writeValueAsBytes(samples), PERMISSIONS)
			.handle((written, failure) -> {
				tell(samples.size(), failure);
				return null;
			});
	}

	private void tell(int count, @Nullable Throwable failure) {
		if (failure == null) {
			this.log.log(WRITTEN, () -> logger.info("Wrote {} samples to {}", count, this.path));
		}
		else {
			this.log.log(FAILED,
					() -> logger.warn("The snapshot cannot be written to {} (pulse.snapshot), whose directory has to "
							+ "be there and to take files: {}", this.path, LogText.of(failure)));
		}
	}

}

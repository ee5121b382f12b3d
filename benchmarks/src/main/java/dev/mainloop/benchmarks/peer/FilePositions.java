package dev.mainloop.benchmarks.peer;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Where the next operation reads or writes; may be asked by any thread.
 */
final class FilePositions {

	private final AtomicLong end = new AtomicLong();

	private final int size;

	private final long blocks;

	private FilePositions(int size, long blocks) {
		this.size = size;
		this.blocks = blocks;
	}

	static FilePositions of(FileWork work, Path path) {
		try {
			return switch (work) {
				case APPEND -> new FilePositions(work.size, 0);
				case DIRECT -> new FilePositions(work.size, Files.size(path) / work.size);
				case CACHED -> new FilePositions(work.size, readWhole(path) / work.size);
			};
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	private static long readWhole(Path path) throws IOException {
		try (InputStream in = Files.newInputStream(path)) {
			return in.transferTo(OutputStream.nullOutputStream());
		}
	}

	long next() {
		return (this.blocks == 0) ? this.end.getAndAdd(this.size)
				: ThreadLocalRandom.current().nextLong(this.blocks) * this.size;
	}

}

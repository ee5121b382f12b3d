package dev.mainloop.file;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.concurrent.CompletableFuture;

/**
 * Reads a file to its end, wherever that is: the size of a file may change meanwhile, and
 * those of {@code /proc} have none.
 */
final class WholeFile {

	private static final int LEAST = 8192;

	private final AsyncFile file;

	private final int limit;

	WholeFile(AsyncFile file, int limit) {
		this.file = file;
		this.limit = limit;
	}

	CompletableFuture<byte[]> read() {
		return this.file.status()
			.thenCompose((status) -> readInto(
					ByteBuffer.allocate((int) Math.min(this.limit, Math.max(LEAST, status.size())) + 1)));
	}

	private CompletableFuture<byte[]> readInto(ByteBuffer buffer) {
		return this.file.readFully(buffer, buffer.position()).thenCompose((count) -> {
			if (buffer.hasRemaining()) {
				return CompletableFuture.completedFuture(Arrays.copyOf(buffer.array(), buffer.position()));
			}
			if (buffer.capacity() > this.limit) {
				throw new IllegalStateException(
						"The file '%s' has more than %d bytes".formatted(this.file, this.limit));
			}
			int larger = (int) Math.min(this.limit + 1, 2L * buffer.capacity());
			return readInto(ByteBuffer.allocate(larger).put(buffer.flip()));
		});
	}

}

package dev.mainloop.file;

import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicLong;

import org.jspecify.annotations.Nullable;

/**
 * Replaces a file by one that is written beside it.
 */
final class Replacement {

	/** Makes the names of this process different. */
	private static final AtomicLong count = new AtomicLong();

	private final AsyncFiles files;

	private final Path path;

	private final Path temporary;

	Replacement(AsyncFiles files, Path path) {
		this.files = files;
		this.path = path.toAbsolutePath();
		this.temporary = this.path.resolveSibling(
				".%s.%d-%d.tmp".formatted(path.getFileName(), ProcessHandle.current().pid(), count.incrementAndGet()));
	}

	CompletableFuture<@Nullable Void> write(byte[] bytes, int permissions) {
		CompletableFuture<@Nullable Void> renamed = this.files
			.use(this.temporary, permissions, (file) -> written(file, bytes), StandardOpenOption.WRITE,
					StandardOpenOption.CREATE_NEW)
			.thenCompose((written) -> this.files.rename(this.temporary, this.path));
		return renamed.handle((done, failure) -> (failure != null) ? removed() : syncDirectory())
			.thenCompose((settled) -> settled)
			.thenCompose((settled) -> renamed);
	}

	private static CompletableFuture<@Nullable Void> written(AsyncFile file, byte[] bytes) {
		return file.writeFully(ByteBuffer.wrap(bytes), 0).thenCompose((count) -> file.sync());
	}

	/** Removes what was written, which may be gone. */
	private CompletableFuture<@Nullable Void> removed() {
		return this.files.unlink(this.temporary).exceptionally((failure) -> null);
	}

	/** Has the name on the device, too. */
	private CompletableFuture<@Nullable Void> syncDirectory() {
		return this.files.<@Nullable Void>use(this.path.resolveSibling("."), 0, AsyncFile::sync, OpenFlag.DIRECTORY);
	}

}

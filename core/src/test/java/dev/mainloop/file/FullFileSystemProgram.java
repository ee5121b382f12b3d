package dev.mainloop.file;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.concurrent.CompletableFuture;

import dev.mainloop.MainLoop;
import dev.mainloop.libc.Errno;
import dev.mainloop.libc.ErrnoException;

/**
 * Writes until a small file system is full, frees it, and writes again, for
 * {@link FullFileSystemTests}.
 */
public final class FullFileSystemProgram {

	private static final PrintStream OUT = System.out;

	private FullFileSystemProgram() {
	}

	/**
	 * Prints what it learns.
	 * @param args how files are read and written, and the directory where the file system
	 * is mounted
	 * @throws IOException if it tells nothing
	 */
	public static void main(String[] args) throws IOException {
		Path path = Path.of(args[1], "file");
		int tooMuch = Math.toIntExact(Files.getFileStore(path.getParent()).getTotalSpace() + 1024);
		try (MainLoop loop = MainLoop.builder().build()) {
			AsyncFiles files = AsyncFiles.builder(loop).fileIo(FileIo.valueOf(args[0])).build();
			loop.execute(() -> files.open(path, StandardOpenOption.WRITE, StandardOpenOption.CREATE)
				.thenCompose((file) -> write(file, tooMuch).thenCompose((full) -> file.truncate(0))
					.thenCompose((empty) -> write(file, 1 << 10))
					.thenCompose((fits) -> file.close()))
				.thenRun(loop::stop));
			loop.run();
		}
	}

	private static CompletableFuture<Void> write(AsyncFile file, int size) {
		ByteBuffer bytes = ByteBuffer.allocateDirect(size);
		return file.writeFully(bytes, 0).handle((count, failure) -> {
			OUT.println((failure instanceof ErrnoException error)
					? "%s after %b".formatted(Errno.name(error.errno()), bytes.position() > 0) : count.toString());
			return null;
		});
	}

}

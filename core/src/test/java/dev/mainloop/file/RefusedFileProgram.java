package dev.mainloop.file;

import java.io.PrintStream;
import java.nio.file.Path;

import dev.mainloop.MainLoop;

/**
 * Opens a file that it may not read, for {@link RefusedFileTests}.
 */
public final class RefusedFileProgram {

	private static final PrintStream OUT = System.out;

	private RefusedFileProgram() {
	}

	/**
	 * Prints why the file cannot be opened.
	 * @param args how files are read and written, and the file
	 */
	public static void main(String[] args) {
		try (MainLoop loop = MainLoop.builder().build()) {
			AsyncFiles files = AsyncFiles.builder(loop).fileIo(FileIo.valueOf(args[0])).build();
			loop.execute(() -> files.open(Path.of(args[1]), 0, (operation) -> {
				OUT.println(String.valueOf(operation.failure()));
				loop.stop();
			}));
			loop.run();
		}
	}

}

package dev.mainloop.fd;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;

/**
 * A program of its own for {@link PathTests}: it opens the files of a directory, and a
 * FIFO in each directory that is there.
 */
public final class PathProgram {

	private PathProgram() {
	}

	/**
	 * Prints what the files hold, and makes the FIFOs.
	 * @param args the directory
	 * @throws IOException if it fails
	 */
	public static void main(String[] args) throws IOException {
		PrintStream out = System.out;
		try (Stream<Path> paths = Files.list(Path.of(args[0]))) {
			for (Path path : paths.toList()) {
				if (Files.isDirectory(path)) {
					FileDescriptor fifo = FileDescriptor.openFifo(path.resolve("fifo"));
					out.println("at path " + fifo.isAtPath());
					fifo.close();
				}
				else {
					out.println(read(path));
				}
			}
		}
	}

	private static String read(Path path) {
		try (FileDescriptor fd = FileDescriptor.open(path)) {
			ByteBuffer buffer = ByteBuffer.allocate(16);
			fd.read(buffer);
			return StandardCharsets.US_ASCII.decode(buffer.flip()).toString();
		}
	}

}

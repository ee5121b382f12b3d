package dev.mainloop.pulse;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;

/**
 * The directory of a file of pulse, which is the user's alone if pulse makes it.
 */
final class PrivateDirectory {

	private PrivateDirectory() {
	}

	/**
	 * Makes the directory of a file when it is missing.
	 * @param file the file
	 * @return the directory
	 * @throws IOException if it cannot be made
	 */
	static Path of(Path file) throws IOException {
		Path directory = file.toAbsolutePath().resolveSibling(".").normalize();
		if (!Files.isDirectory(directory)) {
			Files.createDirectories(directory,
					PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
		}
		return directory;
	}

}

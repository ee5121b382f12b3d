package dev.mainloop.pulse;

import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFileAttributes;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Set;

import com.sun.security.auth.module.UnixSystem;

import org.springframework.boot.context.properties.source.InvalidConfigurationPropertyValueException;

/**
 * The directory of a file of pulse, which is the user's alone. Whoever else could write
 * to it would choose what pulse reads, and where it writes.
 */
final class PrivateDirectory {

	private static final Set<PosixFilePermission> OWNER_ALONE = PosixFilePermissions.fromString("rwx------");

	private PrivateDirectory() {
	}

	/**
	 * Makes the directory of a file that is configured when it is missing.
	 * @param property the property that names the file
	 * @param file the file
	 * @throws InvalidConfigurationPropertyValueException if it cannot be made, or belongs
	 * to somebody else, or is open to others
	 */
	static void of(String property, Path file) {
		try {
			of(file);
		}
		catch (IOException ex) {
			throw new InvalidConfigurationPropertyValueException(property, file, ex.getMessage());
		}
	}

	/**
	 * Makes the directory of a file when it is missing.
	 * @param file the file
	 * @return the directory
	 * @throws IOException if it cannot be made, or belongs to somebody else, or is open
	 * to others
	 */
	static Path of(Path file) throws IOException {
		Path directory = file.toAbsolutePath().resolveSibling(".").normalize();
		if (!directory.getFileSystem().supportedFileAttributeViews().contains("unix")) {
			return Files.createDirectories(directory);
		}
		Files.createDirectories(directory.resolveSibling("."));
		try {
			Files.createDirectory(directory, PosixFilePermissions.asFileAttribute(OWNER_ALONE));
		}
		catch (FileAlreadyExistsException ex) {
			requirePrivate(directory);
		}
		return directory;
	}

	private static void requirePrivate(Path directory) throws IOException {
		PosixFileAttributes found = Files.readAttributes(directory, PosixFileAttributes.class,
				LinkOption.NOFOLLOW_LINKS);
		if (!found.isDirectory()) {
			throw new IOException("%s is no directory".formatted(directory));
		}
		Object owner = Files.getAttribute(directory, "unix:uid", LinkOption.NOFOLLOW_LINKS);
		if (!owner.equals((int) new UnixSystem().getUid())) {
			throw new IOException("The directory %s belongs to %s: choose another".formatted(directory, found.owner()));
		}
		if (!OWNER_ALONE.containsAll(found.permissions())) {
			throw new IOException(
					"The directory %s is open to others: chmod 700 it, or choose another".formatted(directory));
		}
	}

}

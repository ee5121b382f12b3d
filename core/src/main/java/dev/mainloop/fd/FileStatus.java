package dev.mainloop.fd;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.Map;

import dev.mainloop.libc.LibC;

/**
 * What the kernel says of a file, see {@code stat(2)}.
 *
 * @param device the device that it is on
 * @param inode its number on that device
 * @param mode its type and permissions
 * @param owner the id of the user whose file it is
 */
record FileStatus(long device, long inode, int mode, int owner) {

	private static final int WRITABLE_BY_OTHERS = 022;

	/**
	 * Looks at a file.
	 * @param path the file
	 * @param options whether to follow a symbolic link
	 * @return its status
	 * @throws IOException if there is none, or it cannot be looked at
	 */
	static FileStatus of(Path path, LinkOption... options) throws IOException {
		Map<String, Object> attributes = Files.readAttributes(path, "unix:dev,ino,mode,uid", options);
		return new FileStatus(number(attributes, "dev").longValue(), number(attributes, "ino").longValue(),
				number(attributes, "mode").intValue(), number(attributes, "uid").intValue());
	}

	/**
	 * Looks at a file that is open, also one that was removed since.
	 * @param number the number of the file descriptor
	 * @return its status
	 * @throws UncheckedIOException if there is no {@code /proc} to look there
	 */
	static FileStatus of(int number) {
		try {
			return of(Path.of("/proc/self/fd/" + number));
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	private static Number number(Map<String, Object> attributes, String name) {
		return (Number) attributes.getOrDefault(name, 0);
	}

	boolean isSameFileAs(FileStatus other) {
		return this.device == other.device && this.inode == other.inode;
	}

	boolean isFifo() {
		return (this.mode & LibC.S_IFMT) == LibC.S_IFIFO;
	}

	boolean isWritableByOthers() {
		return (this.mode & WRITABLE_BY_OTHERS) != 0;
	}

	/**
	 * Returns the permissions as {@code chmod(1)} takes them.
	 * @return an octal number
	 */
	String permissions() {
		return "0%03o".formatted(this.mode & ~LibC.S_IFMT);
	}

	/**
	 * Describes the type.
	 * @return a noun with its article
	 */
	String type() {
		return switch (this.mode & LibC.S_IFMT) {
			case LibC.S_IFIFO -> "a FIFO";
			case LibC.S_IFCHR, LibC.S_IFBLK -> "a device";
			case LibC.S_IFDIR -> "a directory";
			case LibC.S_IFREG -> "a regular file";
			case LibC.S_IFLNK -> "a symbolic link";
			case LibC.S_IFSOCK -> "a socket";
			default -> "of an unknown type";
		};
	}

}

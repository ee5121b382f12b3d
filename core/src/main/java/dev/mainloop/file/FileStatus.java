package dev.mainloop.file;

import java.time.Instant;

import dev.mainloop.libc.LibC;
import dev.mainloop.libc.StatX;

/**
 * What the kernel says of a file, see {@code stat(2)}.
 *
 * @param device the device that it is on
 * @param inode its number on that device
 * @param mode its type and permissions, see {@code inode(7)}
 * @param links how many names it has
 * @param owner the id of its user
 * @param group the id of its group
 * @param size its size in bytes
 * @param allocated how many bytes of the device it takes
 * @param accessed when it was read last
 * @param modified when its contents were changed last
 * @param changed when its contents, owner, permissions or names were changed last
 */
public record FileStatus(long device, long inode, int mode, int links, int owner, int group, long size, long allocated,
		Instant accessed, Instant modified, Instant changed) {

	static FileStatus of(StatX status) {
		return new FileStatus(status.device(), status.inode(), status.mode(), status.links(), status.owner(),
				status.group(), status.size(), status.allocated(), status.accessed(), status.modified(),
				status.changed());
	}

	/**
	 * Tells whether it is a regular file.
	 * @return {@code true} if it is
	 */
	public boolean isRegularFile() {
		return (this.mode & LibC.S_IFMT) == LibC.S_IFREG;
	}

	/**
	 * Tells whether it is a directory.
	 * @return {@code true} if it is
	 */
	public boolean isDirectory() {
		return (this.mode & LibC.S_IFMT) == LibC.S_IFDIR;
	}

	/**
	 * Returns its permissions.
	 * @return the mode as {@code chmod(1)} takes it, such as 0640
	 */
	public int permissions() {
		return this.mode & ~LibC.S_IFMT;
	}

	/**
	 * Tells whether two are of the same file.
	 * @param other the other one
	 * @return {@code true} if they are
	 */
	public boolean isSameFileAs(FileStatus other) {
		return this.device == other.device && this.inode == other.inode;
	}

}

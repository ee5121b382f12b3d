package dev.mainloop.watch;

import java.nio.charset.StandardCharsets;

import dev.mainloop.libc.DirectoryCalls;
import dev.mainloop.libc.LibC;
import dev.mainloop.libc.StatX;
import org.jspecify.annotations.Nullable;

/**
 * What a file is, in a few numbers that tell two states of it apart.
 *
 * @param type its type, see {@code inode(7)}
 * @param identity stands for which file it is
 * @param content stands for that, its size and when it was written
 * @param isFresh whether that is so short a time ago that it may be written again without
 * a difference
 * @param attributes stands for its permissions and owner
 */
record Status(int type, long identity, long content, boolean isFresh, long attributes) {

	/** Stands for nothing. */
	static final long UNKNOWN = 0;

	/** File systems note the time in steps of up to 2 s. */
	private static final long STEP_MILLIS = 2000;

	/**
	 * Looks at a file, not following a symbolic link.
	 * @param path its path, of which each character is a byte
	 * @param memory where the kernel puts what it is
	 * @return its status, {@code null} if there is none
	 */
	static @Nullable Status of(String path, StatX memory) {
		return of(LibC.AT_FDCWD, path, memory);
	}

	/**
	 * Looks at a file in a directory, not following a symbolic link.
	 * @param directory the file descriptor of the directory
	 * @param name its name, of which each character is a byte
	 * @param memory where the kernel puts what it is
	 * @return its status, {@code null} if there is none
	 */
	static @Nullable Status of(int directory, String name, StatX memory) {
		int result = LibC.statx(directory, name.getBytes(StandardCharsets.ISO_8859_1),
				DirectoryCalls.AT_SYMLINK_NOFOLLOW, StatX.BASIC_STATS, memory.address());
		return (result == 0) ? of(memory) : null;
	}

	private static Status of(StatX memory) {
		int type = memory.mode() & LibC.S_IFMT;
		long identity = mix(mix(memory.device(), memory.inode()), type);
		long millis = memory.modified().toEpochMilli();
		boolean isDirectory = type == LibC.S_IFDIR;
		long content = isDirectory ? identity
				: mix(mix(mix(identity, memory.size()), millis), memory.modified().getNano());
		boolean isFresh = !isDirectory && millis > System.currentTimeMillis() - STEP_MILLIS;
		return new Status(type, identity, content, isFresh, mix(mix(memory.mode(), memory.owner()), memory.group()));
	}

	/** As MurmurHash3 does, and never {@link #UNKNOWN}. */
	private static long mix(long first, long second) {
		long mixed = first * 0x9E3779B97F4A7C15L + second;
		mixed = (mixed ^ mixed >>> 33) * 0xFF51AFD7ED558CCDL;
		mixed = (mixed ^ mixed >>> 33) * 0xC4CEB9FE1A85EC53L;
		mixed ^= mixed >>> 33;
		return (mixed != UNKNOWN) ? mixed : 1;
	}

	boolean isDirectory() {
		return this.type == LibC.S_IFDIR;
	}

	boolean isLink() {
		return this.type == LibC.S_IFLNK;
	}

	/** Whether it may be open for writing still. */
	boolean isRegular() {
		return this.type == LibC.S_IFREG;
	}

}

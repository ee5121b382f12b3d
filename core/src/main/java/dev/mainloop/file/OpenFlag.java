package dev.mainloop.file;

import java.nio.file.LinkOption;
import java.nio.file.OpenOption;
import java.nio.file.StandardOpenOption;
import java.util.EnumSet;
import java.util.Set;

import dev.mainloop.fd.StandardOpenFlags;
import dev.mainloop.libc.LibC;

/**
 * Flags of {@code open(2)} that the JDK has no option for.
 */
public enum OpenFlag implements OpenOption {

	/**
	 * {@code O_DIRECT}: reads and writes go past the page cache. Buffers, positions and
	 * lengths have to be aligned to the blocks of the device, see
	 * {@link java.nio.ByteBuffer#alignedSlice}.
	 */
	DIRECT(LibC.O_DIRECT),

	/** {@code O_DIRECTORY}: what is not a directory is refused. */
	DIRECTORY(LibC.O_DIRECTORY),

	/** {@code O_NOATIME}: reads leave the time of the last access as it is. */
	NO_ACCESS_TIME(LibC.O_NOATIME),

	/** {@code O_TMPFILE}: the path is a directory, in which a file has no name. */
	TEMPORARY(LibC.O_TMPFILE);

	private final int bits;

	OpenFlag(int bits) {
		this.bits = bits;
	}

	/** Returns the flags for options, as {@code open(2)} takes them. */
	static int flags(OpenOption... options) {
		int flags = LibC.O_CLOEXEC;
		Set<StandardOpenOption> set = EnumSet.noneOf(StandardOpenOption.class);
		for (OpenOption option : options) {
			if (option instanceof OpenFlag flag) {
				flags |= flag.bits;
			}
			else if (option == LinkOption.NOFOLLOW_LINKS) {
				flags |= LibC.O_NOFOLLOW;
			}
			else if (option instanceof StandardOpenOption standard && standard != StandardOpenOption.DELETE_ON_CLOSE) {
				set.add(standard);
			}
			else {
				throw new IllegalArgumentException("'%s' is not an option of open(2)".formatted(option));
			}
		}
		return flags | StandardOpenFlags.of(set);
	}

}

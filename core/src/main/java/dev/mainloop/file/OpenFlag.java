package dev.mainloop.file;

import java.nio.file.LinkOption;
import java.nio.file.OpenOption;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.List;

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
		for (OpenOption option : options) {
			flags |= bits(option);
		}
		List<OpenOption> all = Arrays.asList(options);
		boolean writes = all.contains(StandardOpenOption.WRITE) || all.contains(StandardOpenOption.APPEND);
		if (!writes) {
			return flags & ~LibC.O_TRUNC | LibC.O_RDONLY;
		}
		return flags | (all.contains(StandardOpenOption.READ) ? LibC.O_RDWR : LibC.O_WRONLY);
	}

	private static int bits(OpenOption option) {
		if (option instanceof OpenFlag flag) {
			return flag.bits;
		}
		if (option == LinkOption.NOFOLLOW_LINKS) {
			return LibC.O_NOFOLLOW;
		}
		if (option instanceof StandardOpenOption standard && standard != StandardOpenOption.DELETE_ON_CLOSE) {
			return switch (standard) {
				case APPEND -> LibC.O_APPEND;
				case CREATE -> LibC.O_CREAT;
				case CREATE_NEW -> LibC.O_CREAT | LibC.O_EXCL;
				case TRUNCATE_EXISTING -> LibC.O_TRUNC;
				case SYNC -> LibC.O_SYNC;
				case DSYNC -> LibC.O_DSYNC;
				default -> 0;
			};
		}
		throw new IllegalArgumentException("'%s' is not an option of open(2)".formatted(option));
	}

}

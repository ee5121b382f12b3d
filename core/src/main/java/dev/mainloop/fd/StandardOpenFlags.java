package dev.mainloop.fd;

import java.nio.file.StandardOpenOption;
import java.util.Set;

import dev.mainloop.libc.LibC;

/**
 * The flags of {@code open(2)} for the options that the JDK has.
 */
public final class StandardOpenFlags {

	private StandardOpenFlags() {
	}

	/**
	 * Returns the flags for options. A file is opened for reading if neither reading nor
	 * writing is asked for, and is never truncated if it is opened for reading alone.
	 * @param options the options, of which some have no flag
	 * @return the {@code O_…} flags
	 */
	public static int of(Set<StandardOpenOption> options) {
		int flags = 0;
		for (StandardOpenOption option : options) {
			flags |= switch (option) {
				case APPEND -> LibC.O_APPEND;
				case CREATE -> LibC.O_CREAT;
				case CREATE_NEW -> LibC.O_CREAT | LibC.O_EXCL;
				case TRUNCATE_EXISTING -> LibC.O_TRUNC;
				case SYNC -> LibC.O_SYNC;
				case DSYNC -> LibC.O_DSYNC;
				default -> 0;
			};
		}
		if (!options.contains(StandardOpenOption.WRITE) && !options.contains(StandardOpenOption.APPEND)) {
			return flags & ~LibC.O_TRUNC | LibC.O_RDONLY;
		}
		return flags | (options.contains(StandardOpenOption.READ) ? LibC.O_RDWR : LibC.O_WRONLY);
	}

}

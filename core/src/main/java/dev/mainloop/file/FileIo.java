package dev.mainloop.file;

import java.util.Locale;

/**
 * The ways in which file operations are carried out.
 */
public enum FileIo {

	/**
	 * {@link #IO_URING} where the kernel lets the process use it, else {@link #WORKERS}.
	 */
	AUTO,

	/** The kernel carries them out, see {@code io_uring(7)}. */
	IO_URING,

	/** A pool of threads carries them out. */
	WORKERS;

	@Override
	public String toString() {
		return name().toLowerCase(Locale.ROOT).replace('_', '-');
	}

}

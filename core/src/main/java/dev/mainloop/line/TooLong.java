package dev.mainloop.line;

import java.util.Locale;

/**
 * What a {@link Framing} does with a frame that is longer than its bound. The rest of it
 * is skipped in any case, and the next frame is as it should be.
 */
public enum TooLong {

	/** Gives its beginning, of a line with {@code …} at the end. */
	CUT,

	/** Gives nothing of it, and counts it. */
	SKIP,

	/** Throws a {@link FrameException}. */
	FAIL;

	@Override
	public String toString() {
		return name().toLowerCase(Locale.ROOT);
	}

}

package dev.mainloop.line;

/**
 * The bounds that a frame may have.
 */
final class Bound {

	/** Less than an array can have, by what is kept of a frame beside its bytes. */
	private static final int MOST = 1 << 30;

	private Bound() {
	}

	static int require(int maxBytes) {
		if (maxBytes < 1 || maxBytes > MOST) {
			throw new IllegalArgumentException(
					"'maxBytes' must be between 1 and %d but is %d".formatted(MOST, maxBytes));
		}
		return maxBytes;
	}

}

package dev.mainloop.benchmarks.peer;

/**
 * A message with a key.
 *
 * @param customer the key
 * @param number what is worked on
 */
public record Order(String customer, long number) {

	private static final int GOLDEN_RATIO = 0x9E3779B9;

	/**
	 * Chooses one of several by the key, by hand, and as ours does it, so that the load
	 * of each is the same.
	 */
	int index(int count) {
		int spread = this.customer.hashCode() * GOLDEN_RATIO;
		return (int) ((Integer.toUnsignedLong(spread) * count) >>> Integer.SIZE);
	}

}

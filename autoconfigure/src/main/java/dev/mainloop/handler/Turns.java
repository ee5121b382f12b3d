package dev.mainloop.handler;

/**
 * The turns of those that get messages without a key. Senders that race for a turn may
 * give it twice to the same, which is better than that they wait for each other. May be
 * used by any thread.
 */
final class Turns {

	private int latest;

	/**
	 * Returns whose turn is next.
	 * @param count how many have turns, always the same number
	 * @return an index
	 */
	int next(int count) {
		int next = this.latest + 1;
		this.latest = (next >= count) ? 0 : next;
		return this.latest;
	}

}
